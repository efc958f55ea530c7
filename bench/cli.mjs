// npm run bench -- cli: measures the start-up time of the command line: whole processes, compared with a Node process
// that does nothing. Options: --rounds 21 --records 10000, --against REV (this build compared with another one)
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { main } from '../scripts/trouble.mjs'
import { cliAgainst } from './lib/cli-against.mjs'
import { earlierOps } from './lib/earlier-ops.mjs'
import { fillLedgers } from './lib/fill-ledgers.mjs'
import { gitProcessesOf } from './lib/git-processes.mjs'
import { inTurns, table } from './lib/measure.mjs'
import { git, repositoryOf } from './lib/repository.mjs'
import { runProgram } from './lib/run-program.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: 'string', default: '21' },
    records: { type: 'string', default: '10000' },
    against: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const records = Number(values.records)
const HOT = 1_000
const program = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url))
const small = repositoryOf(100)
const earlier = earlierOps(records, HOT)
const large = repositoryOf(100, earlier)
// The same Ops, in no checkout: `ops list --all` finds them in the ledgers of fifty writers.
const WRITERS = 50
const spread = repositoryOf(100)
fillLedgers(spread, earlier, WRITERS)

const node = (root, ...args) => runProgram(root, process.execPath, args)

/** Returns the commands to measure, of a program in a repository. */
const tasksOf = (program, root) => {
  const kitty = (...args) => node(root, program, ...args)
  const open = async () => JSON.parse(await kitty('do', 'x', '--json'))
  return {
    '--help': { run: () => kitty('--help') },
    'do "x"': { run: open },
    'ops complete ID': {
      prepare: open,
      run: ({ invocation_id }) =>
        kitty('ops', 'complete', invocation_id, '--outcome', 'done', '--json'),
    },
  }
}

/** Returns the hooks of a session as they are installed, in the large repository, in the order of a session. */
const hooksOf = (program) => {
  const hook = (event, input, ...flags) => ({
    run: () => {
      const args = [program, 'hooks', event, '--agent', 'codex', ...flags]
      const text = JSON.stringify({ session_id: 'bench', cwd: large, ...input })
      return runProgram(large, process.execPath, args, { input: text })
    },
  })
  const subagent = { agent_id: 'one', agent_type: 'worker' }
  return Object.fromEntries(
    [
      // Another session: what is left accumulates with the rounds, and this one must not resume it.
      ['session-start', { session_id: 'another', source: 'startup' }],
      ['prompt', { prompt: 'Fix the test' }, '--capture'],
      ['subagent-start', subagent, '--capture'],
      ['subagent-stop', { ...subagent, stop_hook_active: true }],
      ['stop', { stop_hook_active: false }],
      ['stop', { stop_hook_active: true }],
      ['session-end', { reason: 'other' }],
    ].map(([event, input, ...flags]) => [
      `hooks ${event}${'stop_hook_active' in input ? (input.stop_hook_active ? ' (again)' : ' (held)') : ''}, ${records} Ops`,
      hook(event, input, ...flags),
    ]),
  )
}

const reading = (program) => ({
  [`ops list -n 20, ${records} Ops, ${Math.min(HOT, records)} hot`]: {
    run: () => node(large, program, 'ops', 'list', '-n', '20'),
  },
  ...Object.fromEntries(
    ['20', 'all'].flatMap((limit) => [
      [
        `ops list --json -n ${limit}, ${records} Ops here`,
        { run: () => node(large, program, 'ops', 'list', '--json', '-n', limit) },
      ],
      [
        `ops list --json -n ${limit} --all, in ${WRITERS} ledgers`,
        { run: () => node(spread, program, 'ops', 'list', '--json', '--all', '-n', limit) },
      ],
    ]),
  ),
})

/** Returns a function that starts git processes that do nothing, in the number and order of a completion. */
const idleGits = async () => {
  const { prepare, run } = tasksOf(program, small)['ops complete ID']
  const gits = await gitProcessesOf(async () => run(await prepare()))
  const first = gits.filter(({ atTheSameTime }) => atTheSameTime > 0).length
  return async () => {
    await Promise.all(Array.from({ length: first }, () => git(small, '--version')))
    for (let rest = gits.length - first; rest > 0; rest -= 1) await git(small, '--version')
  }
}

const NOTHING = 'node -e 0'

/** Prints the medians of competitors, and their ratios to a Node process that does nothing. */
const compareWithNothing = async (competitors, options) => {
  const nothing = { [NOTHING]: { run: () => node(small, '-e', '0') } }
  const medians = await inTurns({ ...nothing, ...competitors }, { rounds, ...options })
  const base = medians.get(NOTHING)
  table([
    ['', 'ms', `of ${NOTHING}`],
    ...[...medians].map(([name, time]) => [name, time.toFixed(1), (time / base).toFixed(2)]),
  ])
}

const againstNothing = async () => {
  const startGits = await idleGits()
  process.stdout.write(
    `Node ${process.version}: milliseconds (medians of ${rounds}), and the ratio\n\n`,
  )
  await compareWithNothing({
    ...tasksOf(program, small),
    'node -e 0, then the git processes of a completion, idle': {
      run: async () => {
        await node(small, '-e', '0')
        await startGits()
      },
    },
    ...reading(program),
  })
  await compareWithNothing(hooksOf(program), { inOrder: true })
}

if (values.against === undefined) await againstNothing()
else {
  const tasks = (built) => ({ ...tasksOf(built, repositoryOf(100)), ...reading(built) })
  await main(() => cliAgainst(values.against, tasks, rounds))
}
