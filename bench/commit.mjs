// npm run bench -- commit: measures what it costs to commit a closed Op, compared with other ways, in particular with the
// cheapest one that does not touch the user's staged work: `git add` and `git commit --only`.
// Options: --files 100,10000 --rounds 15 --earlier 1000 (the maximum number of earlier Ops) --ledger 100000 (the number of
// earlier Ops in the ledger), --against REV (this build compared only with another one)
import { parseArgs } from 'node:util'
import { main } from '../scripts/trouble.mjs'
import { commitAgainst } from './lib/commit-against.mjs'
import { earlierOps } from './lib/earlier-ops.mjs'
import { fillOwnLedger } from './lib/fill-ledgers.mjs'
import { gitProcessesOf } from './lib/git-processes.mjs'
import { inTurns, median, table } from './lib/measure.mjs'
import { gitSync } from './lib/repository.mjs'
import { keepsLedger, rivals, specKitty, THE_RIVAL } from './lib/ways-to-commit.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    files: { type: 'string', default: '100,10000,100000' },
    rounds: { type: 'string', default: '15' },
    earlier: { type: 'string', default: '10000' },
    ledger: { type: 'string', default: '100000' },
    against: { type: 'string' },
  },
})
const sizes = values.files.split(',').map(Number)
const rounds = Number(values.rounds)
const most = Number(values.earlier)
const inLedger = Number(values.ledger)

const DIRECT = 'spec-kitty'
const WITH_LEDGER = 'spec-kitty with its ledger'
const LEDGER_ALONE = 'spec-kitty, the ledger alone'

const print = (text) => process.stdout.write(`${text}\n`)

/** Measures a hundred completions at once. Returns the milliseconds for each Op. */
const atOnce = async ({ prepare, run }) => {
  const times = []
  for (let round = 0; round < 3; round += 1) {
    const started = await Promise.all(Array.from({ length: 100 }, prepare))
    const begin = performance.now()
    await Promise.all(started.map(run))
    times.push((performance.now() - begin) / 100)
  }
  return median(times)
}

const EXPECTED = /^kitty-ops\/(?:[0-9A-Z]{26}\.jsonl|ops-index\.jsonl|\.gitattributes)$/

/** Returns how many Op commits are missing, and how many unexpected paths Op commits contain. */
const wrongIn = ({ root }, expected) => {
  const log = gitSync(root, ['log', '--name-only', '--format=%x00%s'])
  const commits = log.split('\0').filter((commit) => commit.startsWith('op('))
  const paths = commits.flatMap((commit) => commit.trim().split('\n').slice(2))
  return {
    missing: expected - commits.length,
    unexpected: paths.filter((path) => !EXPECTED.test(path)).length,
  }
}

const measure = async (files) => {
  const light = await specKitty(files, 'process')
  const power = await specKitty(files, 'power')
  const ledgers = {}
  for (const durability of ['process', 'power']) {
    ledgers[`${LEDGER_ALONE}, ${durability}`] = await keepsLedger.alone(files, durability)
    ledgers[`${WITH_LEDGER}, ${durability}`] = await keepsLedger.beside(files, durability)
  }
  const medians = await inTurns(
    { [`${DIRECT}, process`]: light, [`${DIRECT}, power`]: power, ...ledgers, ...rivals(files) },
    { rounds },
  )
  medians.set('100 at once, process, each', await atOnce(light))
  medians.set('100 at once, power, each', await atOnce(power))
  const wrong = [light, power].map((way) => wrongIn(way, rounds + 302))
  return { medians, wrong }
}

const againstOthers = async () => {
  const results = []
  for (const files of sizes) results.push(await measure(files))
  print(`Milliseconds (medians of ${rounds}), and the ratio to ${THE_RIVAL}\n`)
  table([
    ['', ...sizes.flatMap((files) => [`${files} files`, 'ratio'])],
    ...[...results[0].medians.keys()].map((name) => [
      name,
      ...results.flatMap(({ medians }) => {
        const time = medians.get(name)
        return time === undefined
          ? ['–', '–']
          : [time.toFixed(1), (time / medians.get(THE_RIVAL)).toFixed(2)]
      }),
    ]),
  ])
  table([
    ['with its ledger, against without', ...sizes.map((files) => `${files} files`)],
    ...['process', 'power'].map((durability) => [
      durability,
      ...results.map(({ medians }) => {
        const of = (name) => medians.get(`${name}, ${durability}`)
        return (of(WITH_LEDGER) / of(DIRECT)).toFixed(2)
      }),
    ]),
  ])
  const wrong = results.flatMap((result) => result.wrong)
  print(`Ops missing from history: ${wrong.reduce((sum, { missing }) => sum + missing, 0)}`)
  print(
    `Unexpected paths in their commits: ${wrong.reduce((sum, { unexpected }) => sum + unexpected, 0)}\n`,
  )
}

const STORES = [
  ['none', 0, 0],
  ['1,000, all hot', 1_000, 1_000],
  ['10,000, of which 1,000 are hot', 10_000, 1_000],
  ['10,000, all hot', 10_000, 10_000],
].filter(([, count]) => count <= most)

const measureStores = async (files) => {
  const stores = {}
  for (const [name, count, hot] of STORES) {
    stores[name] = await specKitty(files, 'process', earlierOps(count, hot))
  }
  return { stores, medians: await inTurns(stores, { rounds }) }
}

const withEarlierOps = async () => {
  const ofStores = []
  for (const files of sizes) ofStores.push(await measureStores(files))
  print('With earlier Ops, durability process: milliseconds, and the ratio to none\n')
  table([
    ['', ...sizes.flatMap((files) => [`${files} files`, 'ratio'])],
    ...STORES.map(([name]) => [
      name,
      ...ofStores.flatMap(({ medians }) => [
        medians.get(name).toFixed(1),
        (medians.get(name) / medians.get('none')).toFixed(2),
      ]),
    ]),
  ])
  return ofStores[0].stores.none
}

const withFullLedger = async (ops) => {
  const full = await keepsLedger.alone(100, 'process')
  // A hundred Ops a day.
  fillOwnLedger(full.root, earlierOps(ops, 0, ops / 100))
  const empty = await keepsLedger.alone(100, 'process')
  const medians = await inTurns({ none: empty, [ops.toLocaleString('en')]: full }, { rounds })
  print('The ledger alone, with earlier Ops in it, durability process\n')
  table([
    ['', 'milliseconds', 'ratio'],
    ...[...medians].map(([name, time]) => [
      name,
      time.toFixed(1),
      (time / medians.get('none')).toFixed(2),
    ]),
  ])
}

const gitProcesses = async ({ prepare, run }) => {
  const gits = await gitProcessesOf(async () => run(await prepare()))
  if (gits.length === 0) {
    print('One completion, in a process that has already made one, starts no git process.')
    return
  }
  print('The git processes of one completion, in a process that has already made one\n')
  table([
    ['', 'at the same time as'],
    ...gits.map(({ command, atTheSameTime }) => [command, `${atTheSameTime} other`]),
  ])
}

if (values.against !== undefined) await main(() => commitAgainst(values.against, sizes, rounds))
else {
  await againstOthers()
  const store = await withEarlierOps()
  if (inLedger > 0) await withFullLedger(inLedger)
  if (process.platform !== 'win32') await gitProcesses(store)
}
