import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { formatLine, formatOpRecord, parseLine, parseOpRecord } from '@kitty/record'
import { mutated } from './mutate.mjs'
import { randomFrom } from './random.mjs'

/** A single input may wait for the collector or another process; one that is slow again is slow. */
const MOST_NS_PER_BYTE = 20_000
const MOST_MEAN_NS_PER_BYTE = 1_000
const MOST_GROWTH_MB = 8
const MOST_REPORTED = 10

/** What was read from a line and is written again reads the same, and writes the same bytes. */
const isStable = (event) => {
  const line = formatLine(event)
  const again = parseLine(line)
  return again.ok && formatLine(again.event) === line
}

/** What is wrong with how this is read; nothing where all is well. */
const wrongWith = (bytes) => {
  const text = bytes.toString()
  const fromText = parseOpRecord(text)
  if (formatOpRecord(fromText) !== text) return 'a character was lost'
  const record = parseOpRecord(bytes)
  if (!['open', 'closed', 'unreadable'].includes(record.status)) return 'no status'
  for (const line of text.split('\n')) {
    const parsed = parseLine(line)
    if (parsed.ok && !isStable(parsed.event)) return 'an event is not its line'
  }
  return undefined
}

const examined = (bytes) => {
  try {
    return wrongWith(bytes)
  } catch (error) {
    return `it threw: ${error}`
  }
}

const nsPerByte = (bytes, read) => {
  const begin = process.hrtime.bigint()
  read(bytes)
  // A handful of bytes cannot be told from the call itself.
  return Number(process.hrtime.bigint() - begin) / Math.max(bytes.length, 64)
}

/** The least of three: what is left is the input's own doing. */
const leastNs = (bytes) =>
  Math.min(...[0, 1, 2].map(() => nsPerByte(bytes, () => parseOpRecord(bytes))))

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

const heapMb = () => {
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

const examineAll = ({ count, seed }) => {
  const random = randomFrom(seed)
  const seen = { bytes: 0, worst: 0, closed: 0, ns: 0, broken: [] }
  for (let at = 0; at < count; at += 1) {
    const bytes = mutated(random)
    const problem = examined(bytes)
    const begin = process.hrtime.bigint()
    const { status } = parseOpRecord(bytes)
    const ns = Number(process.hrtime.bigint() - begin)
    seen.ns += ns
    seen.bytes += bytes.length
    seen.closed += status === 'closed' ? 1 : 0
    const each = ns / Math.max(bytes.length, 64)
    if (each > seen.worst) seen.worst = Math.max(seen.worst, leastNs(bytes))
    if (problem) seen.broken.push(`${problem}: ${JSON.stringify(bytes.toString('latin1'))}`)
  }
  return seen
}

const limits = (seen, growth) => [
  [seen.worst > MOST_NS_PER_BYTE, `the slowest input took ${seen.worst} ns a byte`],
  [seen.ns / seen.bytes > MOST_MEAN_NS_PER_BYTE, 'reading is slow on the whole'],
  [growth > MOST_GROWTH_MB, `the heap grew by ${growth} MB`],
]

/** Reads `count` mutated records. Gives figures to print, and what was broken: reproducible by `seed`. */
export const fuzz = ({ count, seed }) => {
  examineAll({ count: Math.min(count, 2_000), seed })
  const before = heapMb()
  const seen = examineAll({ count, seed })
  const growth = heapMb() - before
  const over = limits(seen, growth).flatMap(([isOver, words]) => (isOver ? [words] : []))
  const figures = {
    ...{ seed, inputs: count, bytes: seen.bytes, 'read as closed': seen.closed },
    'mean ns per byte': (seen.ns / seen.bytes).toFixed(1),
    'max ns per byte': seen.worst.toFixed(1),
    'heap growth, MB': growth.toFixed(1),
  }
  return { figures, broken: [...over, ...seen.broken.slice(0, MOST_REPORTED)] }
}
