// npm run bench -- store: measures commands in a store of many Ops, as whole processes of the built command line, compared
// with the cheapest git and grep commands that could answer. Options: --records 100,10000 --rounds 7
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatLine, newOpId } from '@kitty/record'
import { earlierOps } from './lib/earlier-ops.mjs'
import { inTurns, table } from './lib/measure.mjs'
import { gitSync, historyOf, repositoryOf } from './lib/repository.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    records: { type: 'string', default: '100,10000,100000' },
    rounds: { type: 'string', default: '7' },
  },
})
const sizes = values.records.split(',').map(Number)
const rounds = Number(values.rounds)
const HOT = 1_000
const OPEN = 50
const STALE = 1_000
const program = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url))

const print = (text) => process.stdout.write(`${text}\n`)

/** Runs a program, and discards its output. */
const run = async (root, command, ...args) => {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout.resume()
  await once(child, 'close')
}
const kitty = (root, ...args) => ({ run: () => run(root, process.execPath, program, ...args) })
const git = (root, ...args) => ({ run: () => run(root, 'git', ...args) })

const openOps = (root, count, at) => {
  for (let number = 0; number < count; number += 1) {
    const invocation_id = newOpId(at)
    const started = {
      event: 'started',
      invocation_id,
      profile_id: 'bench',
      action: 'measure',
      request_text: 'Still open?',
      actor: 'x',
      mode_of_work: 'task_execution',
      governance_context_hash: '',
      governance_context_available: false,
      started_at: new Date(at).toISOString(),
    }
    writeFileSync(join(root, 'kitty-ops', `${invocation_id}.jsonl`), formatLine(started))
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

const measure = async (count) => {
  const hot = repositoryOf(10, earlierOps(count, count))
  openOps(hot, OPEN, Date.now())
  const mixed = repositoryOf(10, earlierOps(count, Math.min(count, HOT)))
  // A larger history takes too long to make.
  const past = count > 10_000 ? undefined : historyOf(earlierOps(count, count))
  const medians = await inTurns(
    {
      [`doctor ops, all hot, ${OPEN} open`]: kitty(hot, 'doctor', 'ops', '--json'),
      'git status -- kitty-ops': git(hot, 'status', '--porcelain', '--', 'kitty-ops'),
      'grep -L completed': {
        run: () => run(hot, 'grep', '-rL', '"completed"', 'kitty-ops'),
      },
      'ops list -n 20, 1,000 hot': kitty(mixed, 'ops', 'list', '-n', '20', '--json'),
      ...(past !== undefined && {
        'ops verify': kitty(past, 'ops', 'verify', '--json'),
        'git log --raw -- kitty-ops': git(past, 'log', '--raw', '--format=%H', '--', 'kitty-ops'),
      }),
      'ops reindex': kitty(mixed, 'ops', 'reindex'),
    },
    { rounds, warmUp: 1 },
  )
  medians.set('doctor ops: memory, MiB', memoryOf(hot, 'doctor', 'ops', '--json'))
  return medians
}

const closeStale = async () => {
  const root = repositoryOf(10)
  await run(root, process.execPath, program, 'do', 'x', '--json')
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
print(`Milliseconds (medians of ${rounds})\n`)
table([
  ['', ...sizes.map((count) => `${count} records`)],
  ...[...results[0].keys()].map((name) => [
    name,
    ...results.map((each) => each.get(name)?.toFixed(0) ?? '–'),
  ]),
])
const { each, closed } = await closeStale()
print(
  `doctor ops --close-stale: ${each.toFixed(1)} ms for each of ${closed} stale Ops, without the fixed cost`,
)
