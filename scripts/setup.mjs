// Installs dependencies and builds the packages if they are missing or out of date. Prints nothing otherwise.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, top } from './run.mjs'
import { pnpm, tool } from './tools.mjs'
import { Trouble } from './trouble.mjs'

const SKIPPED = new Set(['node_modules', 'dist', 'bundle', 'coverage', 'test', '.turbo'])
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

/** Runs `task` unless it has already run for exactly these files and `done()` is `true`. */
const once = async (name, files, done, task) => {
  const stamp = join(top, 'node_modules', `.${name}-stamp`)
  const wanted = digest(files)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && done()) return
  await task()
  writeFileSync(stamp, wanted)
}

const succeed = async (what, task) => {
  process.stderr.write(`${what} …\n`)
  if ((await task()) !== 0) throw new Trouble(`${what} failed. See above.`)
}

const installed = () => existsSync(join(top, 'node_modules', '.bin'))

const install = () =>
  succeed('Installing dependencies', () =>
    // Prevents a prompt if another version of pnpm or another store made `node_modules`.
    pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], { quiet: true }),
  )

const built = () =>
  existsSync(join(top, 'packages', 'cli', 'bundle', 'main.cjs')) &&
  readdirSync(join(top, 'packages')).every((name) =>
    existsSync(join(top, 'packages', name, 'dist', 'index.js')),
  )

const bundle = join(top, 'packages', 'cli', 'scripts', 'bundle.mjs')

const build = () =>
  succeed('Building', async () => {
    const code = await tool('typescript/bin/tsc', ['-b'], { quiet: true })
    return code === 0 ? run(process.execPath, [bundle], { quiet: true }) : code
  })

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [neededMajor, neededMinor] = NEEDED_NODE
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return
  throw new Trouble(
    `Node ${NEEDED_NODE.join('.')} or newer is required; this is ${process.version}.`,
  )
}

/** Brings dependencies and build up to date. Throws `Trouble` if Node is too old, or a step fails. */
export const setup = async () => {
  checkNode()
  const files = WORKSPACES.flatMap(filesIn)
  const manifests = files.filter((path) => path.endsWith('package.json'))
  await once('install', [...manifests, ...LOCKED], installed, install)
  const configs = ['tsconfig.base.json', 'tsconfig.json', ...LOCKED]
  await once('build', [...files, ...configs], built, build)
}
