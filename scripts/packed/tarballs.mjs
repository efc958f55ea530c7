// Packs every package, and checks each tarball with publint, attw and its list of files.
import { statSync } from 'node:fs'
import { dirname, normalize } from 'node:path/posix'
import { pnpm, tool } from '../tools.mjs'
import { Trouble } from '../trouble.mjs'
import { atOnce } from './at-once.mjs'
import { readTarball } from './local-tarballs.mjs'

const DOCUMENTS = ['LICENSE', 'README.md', 'CHANGELOG.md']
const REQUIRED = [...DOCUMENTS, 'package.json', 'dist/index.js', 'dist/index.d.ts']
const EXPECTED =
  /^(LICENSE|README\.md|CHANGELOG\.md|package\.json|bin\/([^/]+\.js|package\.json)|bundle\/([^/]+\.cjs(\.map)?|NOTICES\.txt|report-page\/main\.(js|css))|dist\/.+\.(js(\.map)?|d\.ts))$/

/** Fields that npm shows, and the one that provenance checks. */
const SHOWN = ['description', 'keywords', 'homepage', 'bugs', 'repository', 'license']

/** Packs all packages into a folder. Returns the `name`, absolute `filename` and `files` of each tarball. */
export const packAll = async (folder) => {
  const printed = []
  const args = ['-r', '--filter', './packages/*', 'pack', '--json', '--pack-destination', folder]
  const options = { quiet: true, keep: (chunk) => printed.push(chunk) }
  if ((await pnpm(args, options)) !== 0)
    throw new Trouble('Could not pack the packages. See above.')
  return JSON.parse(Buffer.concat(printed).toString())
}

const checkFiles = ({ name, files }) => {
  const paths = files.map(({ path }) => path)
  const missing = REQUIRED.filter((path) => !paths.includes(path))
  const unexpected = paths.filter((path) => !EXPECTED.test(path))
  if (missing.length > 0) throw new Trouble(`The tarball of ${name} lacks ${missing.join(', ')}.`)
  if (unexpected.length > 0)
    throw new Trouble(`The tarball of ${name} has unexpected files: ${unexpected.join(', ')}.`)
}

/** A source of a map leads to a file of the repository, so it names no folder of this machine. */
const isInside = (name, path, source) => {
  const folder = `packages/${name.split('/')[1]}${dirname(path.replace(/^package/, ''))}`
  return /^\.\.?\//.test(source) && !normalize(`${folder}/${source}`).startsWith('..')
}

const checkMaps = (name, entries) => {
  const paths = new Set(entries.map((entry) => entry.name))
  for (const { name: path, content } of entries) {
    const [, named] = path.endsWith('.js')
      ? (/\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(content) ?? [])
      : []
    const map = named && `${path.slice(0, path.lastIndexOf('/') + 1)}${named}`
    if (map && !paths.has(map)) throw new Trouble(`${name}: ${path} names a map that is not there.`)
    const wrong = path.endsWith('.map')
      ? JSON.parse(content).sources.filter((source) => !isInside(name, path, source))
      : []
    if (wrong.length > 0)
      throw new Trouble(`${name}: ${path} has other sources: ${wrong.join(', ')}`)
  }
}

const checkManifest = (name, entries) => {
  const { content } = entries.find((entry) => entry.name === 'package/package.json')
  const manifest = JSON.parse(content)
  const missing = SHOWN.filter((field) => !manifest[field])
  if (missing.length > 0) throw new Trouble(`The manifest of ${name} lacks ${missing.join(', ')}.`)
}

const LINTERS = [
  ['publint', 'publint/src/cli.js', 'run', '--strict'],
  ['attw', '@arethetypeswrong/cli/dist/index.js', '--profile', 'esm-only', '--no-emoji'],
]

const checkTarball = async (tarball) => {
  checkFiles(tarball)
  const entries = readTarball(tarball.filename)
  checkMaps(tarball.name, entries)
  checkManifest(tarball.name, entries)
  for (const [linter, path, ...args] of LINTERS) {
    const code = await tool(path, [...args, tarball.filename], { quiet: true })
    if (code !== 0) throw new Trouble(`Failed: ${linter} on ${tarball.name}. See above.`)
  }
  const kilobytes = (statSync(tarball.filename).size / 1000).toFixed(1)
  process.stdout.write(`${tarball.name}: ${kilobytes} kB packed, ${tarball.files.length} files\n`)
}

/** Throws `Trouble` if a tarball lacks a file, has an unexpected one, or its entry points do not resolve. */
export const checkTarballs = (tarballs) => atOnce(tarballs.map(checkTarball))
