// Installs tarballs into an empty folder, type-checks what imports them, and runs a program there.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, top } from '../run.mjs'
import { npm, tool } from '../tools.mjs'
import { Trouble } from '../trouble.mjs'

const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

const must = async (what, code) => {
  if ((await code) !== 0) throw new Trouble(`${what}: failed, see above.`)
}

const writeJson = (file, value) => writeFileSync(file, JSON.stringify(value))

const manifest = (tarballs) => {
  const place = ({ filename }) => `file:${filename.replaceAll('\\', '/')}`
  const files = Object.fromEntries(tarballs.map((each) => [each.name, place(each)]))
  // What one tarball needs of another comes from the tarballs too, not from a registry.
  return { name: 'empty', private: true, type: 'module', dependencies: files, overrides: files }
}

// The declarations are checked as well: with `skipLibCheck` a broken one would go unseen.
const typeCheck = (folder, types) => ({
  compilerOptions: {
    ...{ strict: true, noEmit: true, skipLibCheck: false, module: 'nodenext', target: 'es2022' },
    ...{ lib: ['es2023', 'dom'], types, typeRoots: [join(top, 'node_modules', '@types')] },
  },
  files: [join(folder, 'imports.ts')],
})

const checkTypes = (folder, tarballs) => {
  const alone = tarballs.length === 1
  writeJson(join(folder, 'tsconfig.json'), typeCheck(folder, alone ? [] : ['node']))
  const imports = tarballs.map(({ name }, at) => `export * as m${at} from '${name}'\n`)
  writeFileSync(join(folder, 'imports.ts'), imports.join(''))
  return tool('typescript/bin/tsc', ['-p', folder], { quiet: true })
}

/** Fails where the installed packages cannot be imported, type-checked and used. */
export const useInstalled = async (folder, tarballs, program) => {
  mkdirSync(folder)
  writeJson(join(folder, 'package.json'), manifest(tarballs))
  const source = fileURLToPath(new URL(`programs/${program}`, import.meta.url))
  copyFileSync(source, join(folder, program))
  await must('install the tarballs', npm(INSTALL, { cwd: folder, quiet: true }))
  await must('check the types of the tarballs', checkTypes(folder, tarballs))
  await must(program, run(process.execPath, [program], { cwd: folder }))
}
