// npm run proof -- fuzz: parses mutated lines and files. The parser must not throw, must keep every character, and must
// take time and memory in proportion to its input. Options: --cases 1000000, --seed 1
import { parseArgs } from 'node:util'
import { formatOpRecord, parseLine, parseOpRecord } from '@kitty/record'
import { mutantsOf } from './lib/mutants.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})
const cases = Number(values.cases)
const seed = Number(values.seed)

/** A parser that reads the same text repeatedly would take far longer for a long text. */
const MOST_MICROSECONDS_A_BYTE = 20
/** Always allowed for one case, so that a pause of the machine is not reported. */
const LEAST_MS = 250
const MOST_GROWTH_MIB = 64

const print = (text) => process.stdout.write(`${text}\n`)
const heapMiB = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const STATUS = new Set(['open', 'closed', 'unreadable'])

/** Parses a text or the bytes of a file. Returns what is wrong with the result, or `undefined` if nothing is. */
const troubleWith = (input) => {
  const record = parseOpRecord(input)
  if (!STATUS.has(record.status)) return `status ${record.status}`
  const text =
    typeof input === 'string' ? input : new TextDecoder('utf-8', { ignoreBOM: true }).decode(input)
  if (formatOpRecord(record) !== text) return 'a character was lost'
  const [line = ''] = record.lines
  const parsed = parseLine(line)
  if (parsed.ok && !Object.isFrozen(parsed.event)) return 'an event is not frozen'
  return undefined
}

const failures = []
let [bytes, slowest] = [0, 0]
const begin = performance.now()
let early
for (const [number, input] of mutantsOf(cases, seed)) {
  const from = performance.now()
  try {
    const trouble = troubleWith(input)
    if (trouble !== undefined) failures.push(`case ${number}: ${trouble}`)
  } catch (error) {
    failures.push(`case ${number}: threw ${error.stack}`)
  }
  const took = performance.now() - from
  const size = Math.max(1, input.length)
  bytes += input.length
  slowest = Math.max(slowest, took)
  if (took > Math.max(LEAST_MS, (size * MOST_MICROSECONDS_A_BYTE) / 1000)) {
    failures.push(`case ${number}: ${took.toFixed(0)} ms for ${size} bytes`)
  }
  // The first tenth fills caches; after that, memory must not grow.
  if (number === Math.floor(cases / 10)) early = heapMiB()
}
const seconds = (performance.now() - begin) / 1000
const growth = heapMiB() - early
if (growth > MOST_GROWTH_MIB) failures.push(`the heap grew by ${growth.toFixed(1)} MiB`)

for (const failure of failures.slice(0, 20)) print(failure)
print(
  `${cases} cases, ${(bytes / 1e6).toFixed(0)} MB, seed ${seed}: ${failures.length} failures; ` +
    `${((seconds * 1e9) / bytes).toFixed(0)} ns a byte, slowest ${slowest.toFixed(1)} ms, ` +
    `heap ${growth < 0 ? '' : '+'}${growth.toFixed(1)} MiB`,
)
if (failures.length > 0 || cases === 0) process.exitCode = 1
