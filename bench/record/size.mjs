import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const recordFolder = dirname(createRequire(import.meta.url).resolve('@kitty/record/package.json'))

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).filter((file) => file.isFile())

/** Returns the size of a dependency on disk in bytes, without its own dependencies. */
const sizeOf = (dependency) => {
  const folder = realpathSync(join(recordFolder, 'node_modules', dependency))
  const files = filesIn(folder).map((file) => join(file.parentPath, file.name))
  return files
    .filter((file) => !file.slice(folder.length).includes('node_modules'))
    .reduce((sum, file) => sum + statSync(file).size, 0)
}

const packed = () => {
  const windows = process.platform === 'win32'
  const options = { cwd: recordFolder, encoding: 'utf8', shell: windows }
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], options)
  const [{ size, unpackedSize, entryCount }] = JSON.parse(output)
  return { size, unpackedSize, entryCount }
}

const bundle = async (contents) => {
  const stdin = { contents, resolveDir: here }
  const options = { bundle: true, minify: true, format: 'esm', platform: 'browser', write: false }
  const { outputFiles } = await build({ stdin, ...options })
  const code = outputFiles[0].contents
  return { minified: code.length, gzip: gzipSync(code, { level: 9 }).length }
}

export const sizes = async () => {
  const pack = packed()
  const dependencies = Object.keys(
    JSON.parse(readFileSync(join(recordFolder, 'package.json'), 'utf8')).dependencies,
  ).map((name) => ({ name, bytes: sizeOf(name) }))
  const installed = dependencies.reduce((sum, { bytes }) => sum + bytes, pack.unpackedSize)
  return {
    packed: pack,
    installed: { bytes: installed, dependencies },
    parse_bundle: await bundle(`export { parseOpRecord } from '@kitty/record'`),
    whole_bundle: await bundle(`export * from '@kitty/record'`),
  }
}
