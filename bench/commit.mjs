// What it costs to get a closed Op into git, against the cheapest way that leaves the user's staged
// work alone: `git add` and `git commit --only`. Options: --files 100,10000 --rounds 15
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { directGit } from '@kitty/git-commit'
import { openOps } from '@kitty/writer'
import { inTurns, median, table } from './lib/measure.mjs'
import { git, gitSync, repositoryOf } from './lib/repository.mjs'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    files: { type: 'string', default: '100,10000,100000' },
    rounds: { type: 'string', default: '15' },
  },
})
const sizes = values.files.split(',').map(Number)
const rounds = Number(values.rounds)

const REQUEST = { profile_id: 'bench', action: 'measure', request_text: 'How long?', actor: 'x' }
const INDEX = 'kitty-ops/ops-index.jsonl'
const RECORD = 'x'.repeat(400)

const ours = async (files, durability) => {
  const root = repositoryOf(files)
  const ops = await openOps({ root, commit: directGit(), durability })
  const complete = async ({ invocation_id }) => {
    const { commit } = await ops.complete(invocation_id, { outcome: 'done' })
    if (commit.status !== 'committed') throw new Error(`not committed: ${JSON.stringify(commit)}`)
  }
  return { root, start: () => ops.start(REQUEST), complete }
}

const rival = (files, commit) => {
  const root = repositoryOf(files)
  mkdirSync(join(root, 'kitty-ops'))
  const prepare = (round) => {
    const path = `kitty-ops/${String(round).padStart(26, '0')}.jsonl`
    writeFileSync(join(root, path), RECORD)
    writeFileSync(join(root, INDEX), `${RECORD.slice(0, 180)}\n`.repeat(round + 1))
    return path
  }
  return { prepare, run: (path) => commit(root, path) }
}

const RIVALS = {
  'git add + git commit': async (root, path) => {
    await git(root, 'add', path, INDEX)
    await git(root, 'commit', '--quiet', '-m', 'x')
  },
  'git add + git commit --only': async (root, path) => {
    await git(root, 'add', path, INDEX)
    await git(root, 'commit', '--quiet', '--only', '-m', 'x', '--', path, INDEX)
  },
}
const THE_RIVAL = 'git add + git commit --only'

/** A hundred completions at once, in milliseconds for each Op. */
const atOnce = async ({ start, complete }) => {
  const times = []
  for (let round = 0; round < 3; round += 1) {
    const started = await Promise.all(Array.from({ length: 100 }, start))
    const begin = performance.now()
    await Promise.all(started.map(complete))
    times.push((performance.now() - begin) / 100)
  }
  return median(times)
}

const missing = (root, expected) => {
  const commits = gitSync(root, ['log', '--format=%s']).split('\n')
  return expected - commits.filter((subject) => subject.startsWith('op(')).length
}

const measure = async (files) => {
  const [light, power] = [await ours(files, 'process'), await ours(files, 'power')]
  const competitors = {
    'spec-kitty, process': { prepare: light.start, run: light.complete },
    'spec-kitty, power': { prepare: power.start, run: power.complete },
  }
  for (const [name, commit] of Object.entries(RIVALS)) competitors[name] = rival(files, commit)
  const medians = await inTurns(competitors, { rounds })
  medians.set('100 at once, process, each', await atOnce(light))
  medians.set('100 at once, power, each', await atOnce(power))
  const lost = missing(light.root, rounds + 302) + missing(power.root, rounds + 302)
  return { medians, lost }
}

const heading = ['', ...sizes.flatMap((files) => [`${files} files`, 'ratio'])]
const results = []
for (const files of sizes) results.push(await measure(files))
const names = [...results[0].medians.keys()]
process.stdout.write('Milliseconds (medians), and the ratio to git add + git commit --only\n\n')
table([
  heading,
  ...names.map((name) => [
    name,
    ...results.flatMap(({ medians }) => [
      medians.get(name).toFixed(1),
      (medians.get(name) / medians.get(THE_RIVAL)).toFixed(2),
    ]),
  ]),
])
process.stdout.write(
  `Ops missing from history: ${results.reduce((sum, { lost }) => sum + lost, 0)}\n`,
)
