// Installs and builds what is missing or stale, and says nothing when all is well.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, Trouble, tool, top } from './run.mjs'

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'test', '.turbo'])

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

const isManifest = (path) => path.endsWith('package.json')

/** Does something unless it was done for just these files. */
const once = async (name, files, deed) => {
  const stamp = join(top, 'node_modules', `.${name}-stamp`)
  const wanted = digest(files)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await deed()
  writeFileSync(stamp, wanted)
}

const say = (text) => process.stderr.write(`${text}\n`)

/** Brings dependencies and build up to date. */
export const setup = async () => {
  const folders = ['packages', 'internal', 'examples', 'bench'].flatMap(filesIn)
  const manifests = [...folders.filter(isManifest), 'package.json', 'pnpm-lock.yaml']
  await once('install', manifests, async () => {
    say('Installing dependencies …')
    if ((await pnpm(['install', '--frozen-lockfile'], { quiet: true })) !== 0) {
      throw new Trouble('The dependencies could not be installed; see above.')
    }
  })
  const configs = ['tsconfig.base.json', 'tsconfig.json', 'pnpm-lock.yaml']
  await once('build', [...folders.filter((path) => !isManifest(path)), ...configs], async () => {
    say('Building …')
    if ((await tool('typescript/bin/tsc', ['-b'], { quiet: true })) !== 0) {
      throw new Trouble('The build failed; see above.')
    }
  })
}

/** Runs a script's main function; trouble is shown as one line. */
export const main = async (deed) => {
  try {
    process.exitCode = (await deed()) ?? process.exitCode
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
