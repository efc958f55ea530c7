// npm run bench -- store: measures commands in a store of many Ops, as whole processes of the built command line, compared
// with the cheapest git and grep commands that could answer. Options: --records 100,10000 --rounds 7,
// --only doctor,list,reindex,complete,verify,stale
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatLine, newOpId } from '@kitty/record'
import { earlierOps, startedEvent } from './lib/earlier-ops.mjs'
import { fillOwnLedger } from './lib/fill-ledgers.mjs'
import { inTurns, table } from './lib/measure.mjs'
import { gitSync, historyOf, repositoryOf } from './lib/repository.mjs'
import { runProgram } from './lib/run-program.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    records: { type: 'string', default: '100,10000,100000' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: 'doctor,list,reindex,complete,verify,stale' },
  },
})
const only = values.only.split(',')
const sizes = values.records.split(',').map(Number)
const rounds = Number(values.rounds)
const HOT = 1_000
const OPEN = 50
const STALE = 1_000
const program = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url))

const print = (text) => process.stdout.write(`${text}\n`)

/** With 1, the doctor reports that an Op is open, and grep that it found nothing. */
const run = (root, command, ...args) => runProgram(root, command, args, { statuses: [0, 1] })
const runKitty = (root, ...args) => runProgram(root, process.execPath, [program, ...args])
const kitty = (root, ...args) => ({ run: () => runKitty(root, ...args) })
const git = (root, ...args) => ({ run: () => runProgram(root, 'git', args) })

const openOps = (root, count, at) => {
  for (let number = 0; number < count; number += 1) {
    const id = newOpId(at)
    const text = formatLine(startedEvent(id, new Date(at)))
    writeFileSync(join(root, 'kitty-ops', `${id}.jsonl`), text)
  }
}

/** Returns the peak memory of a process in MiB, as the operating system reports it. */
const memoryOf = (root, ...args) => {
  const script = `process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)))`
  const preload = `data:text/javascript,${encodeURIComponent(script)}`
  const { stderr } = spawnSync(process.execPath, ['--import', preload, program, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  return Number(/\d+$/.exec(stderr)?.[0]) / 1024
}

/** Closing an Op, which another process opened. */
const complete = (root) => ({
  prepare: async () => JSON.parse(await runKitty(root, 'do', 'x', '--json')).invocation_id,
  run: (id) => runKitty(root, 'ops', 'complete', id, '--outcome', 'done', '--json'),
})

/** The rows of each kind, for a number of records: what runs in turns, and figures that are not times. */
const KINDS = {
  doctor: (count) => {
    const root = repositoryOf(10, earlierOps(count, count))
    openOps(root, OPEN, Date.now())
    return {
      turns: {
        [`doctor ops, all hot, ${OPEN} open`]: {
          run: () => run(root, process.execPath, program, 'doctor', 'ops', '--json'),
        },
        'git status -- kitty-ops': git(root, 'status', '--porcelain', '--', 'kitty-ops'),
        'grep -L completed': { run: () => run(root, 'grep', '-rL', '"completed"', 'kitty-ops') },
        'node -e 0': { run: () => run(root, process.execPath, '-e', '0') },
      },
      figures: { 'doctor ops: memory, MiB': () => memoryOf(root, 'doctor', 'ops', '--json') },
    }
  },
  list: (count) => {
    const root = repositoryOf(10, earlierOps(count, Math.min(count, HOT)))
    return {
      turns: { 'ops list -n 20, 1,000 hot': kitty(root, 'ops', 'list', '-n', '20', '--json') },
    }
  },
  reindex: (count) => {
    const root = repositoryOf(10, earlierOps(count, Math.min(count, HOT)))
    return { turns: { 'ops reindex': kitty(root, 'ops', 'reindex') } }
  },
  complete: (count) => {
    const records = earlierOps(count, Math.min(count, HOT))
    const root = repositoryOf(10, records)
    fillOwnLedger(root, records)
    return {
      turns: {
        'ops complete, no earlier Op': complete(repositoryOf(10)),
        'ops complete, 1,000 hot, all in the ledger': complete(root),
      },
    }
  },
  verify: (count) => {
    // A larger history takes too long to make.
    if (count > 10_000) return { turns: {} }
    const root = historyOf(earlierOps(count, count))
    return {
      turns: {
        'ops verify': kitty(root, 'ops', 'verify', '--json'),
        'git log --raw -- kitty-ops': git(root, 'log', '--raw', '--format=%H', '--', 'kitty-ops'),
      },
    }
  },
}

const measure = async (count) => {
  const found = new Map()
  for (const [name, make] of Object.entries(KINDS)) {
    if (!only.includes(name)) continue
    const { turns, figures = {} } = make(count)
    for (const [row, time] of await inTurns(turns, { rounds, warmUp: 1 })) found.set(row, time)
    for (const [row, figure] of Object.entries(figures)) found.set(row, figure())
  }
  return found
}

const closeStale = async () => {
  const root = repositoryOf(10)
  await runKitty(root, 'do', 'x', '--json')
  const timed = async () => {
    const begin = performance.now()
    await run(root, process.execPath, program, 'doctor', 'ops', '--close-stale', '--json')
    return performance.now() - begin
  }
  const fixed = await timed()
  openOps(root, STALE, Date.now() - 48 * 60 * 60 * 1000)
  const all = await timed()
  const left = gitSync(root, ['log', '--format=%s']).split('\n')
  return {
    each: (all - fixed) / STALE,
    closed: left.filter((line) => line.startsWith('op(')).length,
  }
}

const results = []
for (const count of sizes) results.push(await measure(count))
const rows = new Set(results.flatMap((each) => [...each.keys()]))
if (rows.size > 0) {
  print(`Milliseconds (medians of ${rounds})\n`)
  table([
    ['', ...sizes.map((count) => `${count} records`)],
    ...[...rows].map((name) => [name, ...results.map((each) => each.get(name)?.toFixed(0) ?? '–')]),
  ])
}
if (only.includes('stale')) {
  const { each, closed } = await closeStale()
  print(
    `doctor ops --close-stale: ${each.toFixed(1)} ms for each of ${closed} stale Ops, without the fixed cost`,
  )
}
