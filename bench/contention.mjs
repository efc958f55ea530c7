// npm run bench -- contention: 8 processes close 20 Ops each at the same time. Measures how many Ops are in history
// afterwards, and how long it takes, with the branch and with the ledger alone, compared with `git add` + `git commit
// --only`, at once without a retry, and one after the other.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { table } from './lib/measure.mjs'
import { git, gitSync, repositoryOf } from './lib/repository.mjs'

const PROCESSES = 8
const EACH = 20
const ALL = PROCESSES * EACH
const worker = fileURLToPath(new URL('lib/contention-worker.mjs', import.meta.url))

const startWorker = async (root, way, number) => {
  const child = spawn(process.execPath, [worker, root, way, String(number), String(EACH)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

/** Starts all processes at once. Measures from when all of them are ready. */
const atOnce = async (way) => {
  const root = repositoryOf(100)
  const numbers = Array.from({ length: PROCESSES }, (_, number) => number)
  const workers = await Promise.all(numbers.map((number) => startWorker(root, way, number)))
  const begin = performance.now()
  const ends = workers.map((child) => once(child, 'close'))
  for (const child of workers) child.send('go')
  await Promise.all(ends)
  return { root, time: performance.now() - begin }
}

const oneAfterTheOther = async () => {
  const root = repositoryOf(100)
  mkdirSync(join(root, 'kitty-ops'))
  const begin = performance.now()
  for (let number = 0; number < ALL; number += 1) {
    const path = `kitty-ops/${String(number).padStart(26, '0')}.jsonl`
    writeFileSync(join(root, path), 'x'.repeat(400))
    await git(root, 'add', path)
    await git(root, 'commit', '--quiet', '--only', '-m', `op(x): ${number}`, '--', path)
  }
  return { root, time: performance.now() - begin }
}

const inHistory = (root) => {
  const subjects = gitSync(root, ['log', '--format=%(trailers:key=Op-Id,valueonly)%s'])
  const ops = subjects.split('\n').filter((line) => line.startsWith('op('))
  const ids = subjects.split('\n').filter((line) => /^[0-9A-Z]{26}$/.test(line))
  return { commits: ops.length, distinct: new Set(ids.length > 0 ? ids : ops).size }
}

/** A commit of the ledger holds several Ops. */
const inLedger = (root) => {
  const commits = gitSync(root, ['log', '--format=%H', '--glob=refs/kitty/ops']).trim().split('\n')
  const files = gitSync(root, ['ls-tree', '-r', '--name-only', commits[0]]).trim().split('\n')
  return { commits: commits.length, distinct: files.length }
}

const rows = [['', 'commits', 'distinct Ops', 'seconds', 'ratio']]
const rival = await oneAfterTheOther()
for (const [name, { root, time }, counted = inHistory] of [
  ['git add + git commit --only, one after the other', rival],
  ['git add + git commit --only, at once, no retry', await atOnce('plain')],
  ['spec-kitty, at once', await atOnce('spec-kitty')],
  ['spec-kitty, the ledger alone, at once', await atOnce('ledger'), inLedger],
]) {
  const { commits, distinct } = counted(root)
  const ratio = (time / rival.time).toFixed(2)
  rows.push([name, commits, distinct, (time / 1000).toFixed(2), ratio])
  gitSync(root, ['fsck', '--strict'])
}
process.stdout.write(
  `${PROCESSES} processes close ${EACH} Ops each; git fsck found nothing wrong\n\n`,
)
table(rows)
