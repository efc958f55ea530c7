// Installs tarballs into an empty folder, runs a program there, and checks the types of what imports them.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, top } from '../run.mjs'
import { npm, pnpm, tool } from '../tools.mjs'
import { must } from '../trouble.mjs'

const INSTALLERS = {
  npm: (cwd) =>
    npm(['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], {
      ...{ cwd, quiet: true },
    }),
  // pnpm's folders are strict: a package cannot import what it does not list.
  pnpm: (cwd) => pnpm(['install', '--prefer-offline', '--ignore-workspace'], { cwd, quiet: true }),
}

const writeJson = (file, value) => writeFileSync(file, JSON.stringify(value))

const manifest = (wanted, tarballs) => {
  const place = ({ filename }) => `file:${filename.replaceAll('\\', '/')}`
  const placesOf = (list) => Object.fromEntries(list.map((each) => [each.name, place(each)]))
  // Tarballs that depend on each other must not be fetched from a registry. npm requires that an override of a direct
  // dependency is equal to it.
  const overrides = placesOf(tarballs)
  const common = { name: 'empty', private: true, type: 'module' }
  return { ...common, dependencies: placesOf(wanted), overrides, pnpm: { overrides } }
}

const RESOLUTIONS = { nodenext: 'nodenext', bundler: 'preserve' }

// `skipLibCheck` would hide errors in the declarations.
const typeCheck = (folder, types, [moduleResolution, module]) => ({
  compilerOptions: {
    ...{ strict: true, noEmit: true, skipLibCheck: false, module, moduleResolution },
    ...{ target: 'es2022', lib: ['es2023', 'dom'] },
    ...{ types, typeRoots: [join(top, 'node_modules', '@types')] },
  },
  files: [join(folder, 'imports.ts')],
})

const checkTypes = async (folder, wanted) => {
  const needsNode = wanted.some(({ name }) => name !== '@kitty/record')
  const imports = wanted.map(({ name }, at) => `export * as m${at} from '${name}'\n`)
  writeFileSync(join(folder, 'imports.ts'), imports.join(''))
  for (const resolution of Object.entries(RESOLUTIONS)) {
    const config = join(folder, `tsconfig.${resolution[0]}.json`)
    writeJson(config, typeCheck(folder, needsNode ? ['node'] : [], resolution))
    const code = tool('typescript/bin/tsc', ['-p', config], { quiet: true })
    await must(`check the types of ${wanted.map(({ name }) => name)}, ${resolution[0]}`, code)
  }
}

/** Runs a program with this Node, or with the given version, which npm fetches into its cache. */
const runWith = (version, args, options) =>
  version === undefined
    ? run(process.execPath, args, options)
    : npm(['exec', '--yes', `--package=node@${version}`, '--', 'node', ...args], options)

/**
 * Installs the wanted packages from tarballs, and runs the program with their names as arguments. `node` is the version of
 * Node to run it with; default: this one. `types` checks the types of an import of each, too. Throws `Trouble` if a step
 * fails.
 */
export const useInstalled = async (
  folder,
  { wanted, tarballs, program, installer = 'npm', node, types = false },
) => {
  mkdirSync(folder)
  writeJson(join(folder, 'package.json'), manifest(wanted, tarballs))
  const source = fileURLToPath(new URL(`programs/${program}`, import.meta.url))
  copyFileSync(source, join(folder, program))
  const names = wanted.map(({ name }) => name)
  await must(`install ${names} with ${installer}`, INSTALLERS[installer](folder))
  if (types) await checkTypes(folder, wanted)
  await must(program, runWith(node, [program, ...names], { cwd: folder }))
}
