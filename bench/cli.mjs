// What a start of the command line takes: whole processes in turns, against a Node that does nothing.
// Options: --rounds 21 --records 10000
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { earlierOps } from './lib/earlier-ops.mjs'
import { gitProcessesOf } from './lib/git-processes.mjs'
import { inTurns, table } from './lib/measure.mjs'
import { git, repositoryOf } from './lib/repository.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: 'string', default: '21' },
    records: { type: 'string', default: '10000' },
  },
})
const rounds = Number(values.rounds)
const records = Number(values.records)
const HOT = 1_000
const program = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url))
const small = repositoryOf(100)
const large = repositoryOf(100, earlierOps(records, HOT))

/** Runs Node to its end and gives what it printed. */
const node = async (root, ...args) => {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const parts = []
  child.stdout.on('data', (part) => parts.push(part))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}`)
  return Buffer.concat(parts).toString()
}
const kitty = (...args) => node(small, program, ...args)
const open = async () => JSON.parse(await kitty('do', 'x', '--json'))
const complete = ({ invocation_id }) =>
  kitty('ops', 'complete', invocation_id, '--outcome', 'done', '--json')

/** Git processes that do nothing, in the number and order that a completion starts its own. */
const gitsOf = async () => {
  const gits = await gitProcessesOf(async () => complete(await open()))
  const first = gits.filter(({ beside }) => beside > 0).length
  return async () => {
    await Promise.all(Array.from({ length: first }, () => git(small, '--version')))
    for (let rest = gits.length - first; rest > 0; rest -= 1) await git(small, '--version')
  }
}

const NOTHING = 'node -e 0'
const gits = await gitsOf()
const medians = await inTurns(
  {
    [NOTHING]: { run: () => node(small, '-e', '0') },
    '--help': { run: () => kitty('--help') },
    'do "x"': { run: open },
    'ops complete ID': { prepare: open, run: complete },
    'node -e 0, then the git processes of a completion, idle': {
      run: async () => {
        await node(small, '-e', '0')
        await gits()
      },
    },
    [`ops list -n 20, ${records} Ops, ${Math.min(HOT, records)} hot`]: {
      run: () => node(large, program, 'ops', 'list', '-n', '20'),
    },
  },
  { rounds },
)
process.stdout.write(
  `Node ${process.version}: milliseconds (medians of ${rounds}), and the ratio\n\n`,
)
const base = medians.get(NOTHING)
table([
  ['', 'ms', `of ${NOTHING}`],
  ...[...medians].map(([name, time]) => [name, time.toFixed(1), (time / base).toFixed(2)]),
])
