import { parseLine, parseOpRecord } from '@kitty/record'
import { median } from '../lib/measure.mjs'
import { linesOf, realRecords, writtenRecords } from './lines.mjs'

const LINES = 100_000
const ROUNDS = 15

const milliseconds = (work) => {
  const start = performance.now()
  work()
  return performance.now() - start
}

const must = (condition) => {
  if (!condition) throw new Error('Could not parse a record of the benchmark.')
}

/** Runs all of them in every round, so that noise affects all of them. */
const compare = (records) => {
  const lines = records.flatMap(linesOf)
  const works = {
    'JSON.parse': () => {
      for (const line of lines) must(JSON.parse(line))
    },
    parseLine: () => {
      for (const line of lines) must(parseLine(line).ok)
    },
    parseOpRecord: () => {
      for (const { opId, text } of records) must(parseOpRecord(text, { opId }).events.length > 0)
    },
  }
  const times = Object.entries(works).map(([name, work]) => ({ name, work, ms: [] }))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of times) one.ms.push(milliseconds(one.work))
  }
  const [base] = times
  return times.map(({ name, ms }) => ({
    name,
    lines: lines.length,
    ns_a_line: Math.round((median(ms) * 1e6) / lines.length),
    ratio: Number(median(ms.map((time, round) => time / base.ms[round])).toFixed(2)),
  }))
}

const real = realRecords(LINES)
const result = {
  written: compare(writtenRecords(LINES)),
  ...(real.length > 0 && { real: compare(real) }),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
