// npm run bench -- record: measures the speed of @kitty/record compared with bare JSON.parse, and its sizes. Needs a
// build. `--json` prints the figures as JSON instead of a table.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sizes } from './record/size.mjs'

const speedFile = fileURLToPath(new URL('record/speed.mjs', import.meta.url))
const NO_CODE_FROM_STRINGS = '--disallow-code-generation-from-strings'

// Measure in a separate process, so that one run's compiled code does not help the next.
const speedWith = (...flags) =>
  JSON.parse(execFileSync(process.execPath, [...flags, speedFile], { encoding: 'utf8' }))

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

const speedTable = (title, { written, real }) =>
  Object.entries({ 'as this software writes them': written, 'of real records': real }).flatMap(
    ([kind, rows]) =>
      rows === undefined
        ? []
        : [`${title}, ${rows[0].lines} lines ${kind}:`, ...rows.map(speedRow), ''],
  )

const speedRow = ({ name, ns_a_line, ratio }) =>
  `  ${name.padEnd(16)}${String(ns_a_line).padStart(6)} ns a line  ${ratio.toFixed(2).padStart(6)} × JSON.parse`

const sizeTable = ({ packed, installed, parse_bundle, whole_bundle }) => [
  `packed            ${kb(packed.size)}, ${packed.entryCount} files, ${kb(packed.unpackedSize)} unpacked`,
  `installed         ${kb(installed.bytes)}, of which ${installed.dependencies
    .map(({ name, bytes }) => `${name} ${kb(bytes)}`)
    .join(', ')}`,
  `parseOpRecord     ${kb(parse_bundle.minified)} minified, ${kb(parse_bundle.gzip)} with gzip, including zod`,
  `all of it         ${kb(whole_bundle.minified)} minified, ${kb(whole_bundle.gzip)} with gzip, including zod and ulid`,
]

const figures = {
  node: process.version,
  speed: speedWith(),
  speed_without_code_from_strings: speedWith(NO_CODE_FROM_STRINGS),
  size: await sizes(),
}
const table = [
  ...speedTable('Speed', figures.speed),
  ...speedTable('Without code from strings', figures.speed_without_code_from_strings),
  ...sizeTable(figures.size),
]
process.stdout.write(
  process.argv.includes('--json')
    ? `${JSON.stringify(figures, null, 2)}\n`
    : `${table.join('\n')}\n`,
)
