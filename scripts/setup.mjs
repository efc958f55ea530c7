// Installs and builds what is missing or stale, and says nothing when all is well.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { top } from './run.mjs'
import { pnpm, tool } from './tools.mjs'
import { Trouble } from './trouble.mjs'

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'test', '.turbo'])
const WORKSPACES = ['packages', 'internal', 'examples', 'bench', 'proof']
const LOCKED = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml']
const NEEDED_NODE = [20, 19]

const filesIn = (folder) =>
  readdirSync(join(top, folder), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesIn(path) : [path]
    })

const digest = (files) => {
  const hash = createHash('sha256').update(process.version)
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(top, file)))
  return hash.digest('hex')
}

/** Does something unless it was done for just these files and `done` still holds. */
const once = async (name, files, done, deed) => {
  const stamp = join(top, 'node_modules', `.${name}-stamp`)
  const wanted = digest(files)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && done()) return
  await deed()
  writeFileSync(stamp, wanted)
}

const succeed = async (doing, code) => {
  process.stderr.write(`${doing} …\n`)
  if ((await code()) !== 0) throw new Trouble(`${doing}: failed, see above.`)
}

const installed = () => existsSync(join(top, 'node_modules', '.bin'))

const install = () =>
  succeed('Installing dependencies', () =>
    // No question is asked where an older pnpm or another store left its folders.
    pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], { quiet: true }),
  )

const built = () =>
  readdirSync(join(top, 'packages')).every((name) =>
    existsSync(join(top, 'packages', name, 'dist', 'index.js')),
  )

const build = () => succeed('Building', () => tool('typescript/bin/tsc', ['-b'], { quiet: true }))

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [neededMajor, neededMinor] = NEEDED_NODE
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return
  throw new Trouble(`Node ${NEEDED_NODE.join('.')} or newer is needed; this is ${process.version}.`)
}

/** Brings dependencies and build up to date. */
export const setup = async () => {
  checkNode()
  const files = WORKSPACES.flatMap(filesIn)
  const manifests = files.filter((path) => path.endsWith('package.json'))
  await once('install', [...manifests, ...LOCKED], installed, install)
  const configs = ['tsconfig.base.json', 'tsconfig.json', ...LOCKED]
  await once('build', [...files, ...configs], built, build)
}
