// Packs every package, and checks each tarball with publint, attw and its list of files.
import { statSync } from 'node:fs'
import { pnpm, tool } from '../tools.mjs'
import { Trouble } from '../trouble.mjs'

const REQUIRED = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']
const EXPECTED =
  /^(LICENSE|README\.md|package\.json|bin\/[^/]+\.js|bundle\/([^/]+\.js|NOTICES\.txt|report-page\/main\.(js|css))|dist\/.+\.(js|d\.ts))$/

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

const LINTERS = [
  ['publint', 'publint/src/cli.js', 'run', '--strict'],
  ['attw', '@arethetypeswrong/cli/dist/index.js', '--profile', 'esm-only', '--no-emoji'],
]

const checkTarball = async (tarball) => {
  checkFiles(tarball)
  for (const [linter, path, ...args] of LINTERS) {
    const code = await tool(path, [...args, tarball.filename], { quiet: true })
    if (code !== 0) throw new Trouble(`Failed: ${linter} on ${tarball.name}. See above.`)
  }
  const kilobytes = (statSync(tarball.filename).size / 1000).toFixed(1)
  process.stdout.write(`${tarball.name}: ${kilobytes} kB packed, ${tarball.files.length} files\n`)
}

/** Throws `Trouble` if a tarball lacks a file, has an unexpected one, or its entry points do not resolve. */
export const checkTarballs = async (tarballs) => {
  const results = await Promise.allSettled(tarballs.map(checkTarball))
  const reasons = results.flatMap(({ reason }) => (reason ? [reason] : []))
  const bug = reasons.find((reason) => !(reason instanceof Trouble))
  if (bug) throw bug
  if (reasons.length > 0) throw new Trouble(reasons.map(({ message }) => message).join('\n'))
}
