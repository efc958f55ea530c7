// npm run bench -- why: measures `ops why` against the same `git blame` with the same flags, as whole processes, in a
// repository with as many commits of work as Ops. Options: --rounds 11 --ops 5000 --files 41
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fillLedgers } from './lib/fill-ledgers.mjs'
import { linkedHistory } from './lib/linked-history.mjs'
import { inTurns, table } from './lib/measure.mjs'
import { gitSync } from './lib/repository.mjs'
import { runProgram } from './lib/run-program.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: 'string', default: '11' },
    ops: { type: 'string', default: '5000' },
    files: { type: 'string', default: '41' },
  },
})
const rounds = Number(values.rounds)
const ops = Number(values.ops)
const program = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url))
const { root, busy, quiet, records } = linkedHistory(ops, Number(values.files))
fillLedgers(root, records, 1)
// As a clone or `git gc` leaves it.
gitSync(root, ['repack', '-adq'])

const blame = (file, ...flags) => ({
  run: () => runProgram(root, 'git', ['blame', '--incremental', ...flags, '--', file]),
})
const why = (target) => ({
  run: () => runProgram(root, process.execPath, [program, 'ops', 'why', target]),
})

const LINE = 8
const pairsOf = (name, file) => [
  [`${name}, the whole file`, blame(file), why(file)],
  [`${name}, one line`, blame(file, '-L', `${LINE},${LINE}`), why(`${file}:${LINE}`)],
]
const pairs = [
  ...pairsOf(`a file with ${ops / 5} changes`, busy),
  ...pairsOf('a quiet file', quiet),
]

const measure = async (heading) => {
  const competitors = Object.fromEntries(
    pairs.flatMap(([what, theirs, ours]) => [
      [`git blame, ${what}`, theirs],
      [`ops why, ${what}`, ours],
    ]),
  )
  const medians = await inTurns(competitors, { rounds })
  process.stdout.write(`${heading}\n\n`)
  table([
    ['', 'git blame', 'ops why', 'ratio'],
    ...pairs.map(([what]) => {
      const [theirs, ours] = [medians.get(`git blame, ${what}`), medians.get(`ops why, ${what}`)]
      return [what, theirs.toFixed(0), ours.toFixed(0), (ours / theirs).toFixed(2)]
    }),
  ])
}

const commits = gitSync(root, ['rev-list', '--count', 'HEAD'])
await measure(
  `${commits.trim()} commits, ${ops} Ops, on disk and in a ledger: milliseconds (medians of ${rounds})`,
)
