// Checks what must be true of the clones after agents have lived in them.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { doctorOps, verify } from '@kitty/doctor'
import { syncLedgers } from '@kitty/git-commit'
import { listLedgers, readLedgers } from '@kitty/git-commit/inspect'
import { restoreMissing } from './examine-chaos.mjs'
import { git, tryGit } from './repository.mjs'
import { storeAt } from './scenarios.mjs'

const KITTY = fileURLToPath(new URL('../../packages/cli/bin/run.js', import.meta.url))

/**
 * Ends what is in progress, closes what is open, and lets the doctor fix the rest. Returns the Ops whose records a commit
 * of an agent took out of the branch (`restoreMissing` says how) and that were restored.
 */
export const settleClone = async (clone) => {
  for (const what of ['merge', 'rebase']) tryGit(clone, what, '--abort')
  // Changes can keep git from switching. A killed commit leaves a message that looks as if it were being written.
  tryGit(clone, 'add', '--update', '--', '*.txt')
  tryGit(clone, 'commit', '--quiet', '--allow-empty', '-m', 'Settle')
  git(clone, 'switch', '--quiet', 'main')
  tryGit(clone, 'worktree', 'prune')
  for (const name of readdirSync(`${clone}-trees`)) {
    const ops = await storeAt(join(`${clone}-trees`, name)).catch(() => undefined)
    if (ops !== undefined) await doctorOps({ ops, fix: true })
  }
  const ops = await storeAt(clone)
  for (const _ of [1, 2]) await doctorOps({ ops, fix: true, closeStale: true, thresholdHours: 0 })
  return (await restoreMissing(clone, [])).reported
}

/** Syncs a clone. Returns what was left out. */
export const syncClone = async (clone) => {
  const { skipped } = await syncLedgers(clone, { remote: 'origin' })
  return skipped.map(({ message }) => `sync of ${clone}: ${message}`)
}

const troubleWithOp = ({ id, bytes, commit, root }, copies = [], isRestored) => {
  const [copy] = copies
  if (copy === undefined) return [`${id}: in no ledger; its close in ${root} was ${commit}`]
  const writers = new Set(copies.map(({ ledger }) => ledger.writer))
  return [
    // Another clone can have restored and committed it.
    ...(writers.size === 1 || isRestored
      ? []
      : [`${id}: in the ledgers of ${writers.size} writers`]),
    ...(copy.bytes.toString() === bytes ? [] : [`${id}: ${copy.bytes} instead of ${bytes}`]),
  ]
}

/** Returns the branches that have a commit with the record of an Op. */
const branchesWith = (clone, id) => {
  const args = ['log', '--branches', '--remotes', '--format=%H', '--', `kitty-ops/${id}.jsonl`]
  const commits = git(clone, ...args)
    .split('\n')
    .filter(Boolean)
  const format = '--format=%(refname:short)'
  const contains = commits.map((sha) => `--contains=${sha}`)
  if (contains.length === 0) return []
  return git(clone, 'for-each-ref', format, ...contains, 'refs/heads', 'refs/remotes').split('\n')
}

/** Returns what `ops show` says wrong of an Op: of its events, its ledger, its commit and the branch of it. */
const troubleShown = (clone, { id, bytes }) => {
  const args = [KITTY, 'ops', 'show', id, '--json', '--root', clone]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) return [`ops show ${id}: ${stdout}${stderr}`]
  const { events, in: places, commit } = JSON.parse(stdout)
  const shown = events.map((event) => `${JSON.stringify(event)}\n`).join('')
  const branches = branchesWith(clone, id)
  const isCommitRight = commit === null ? branches.length === 0 : branches.includes(commit.branch)
  return shown === bytes && places.includes('ledger') && isCommitRight
    ? []
    : [`ops show ${id} (on ${branches.join(', ')}): ${stdout.slice(0, 900)}`]
}

/** As many Ops of each clone are shown, evenly spread. */
const SHOWN = 20

const someOf = (ops) => ops.filter((_, at) => at % Math.ceil(ops.length / SHOWN) === 0)

/** Returns what is wrong in a clone that has synced; `closed` are the Ops of all clones. */
export const troubleInClone = async (clone, closed, restored) => {
  const { copies, broken, foreign } = await readLedgers(clone, await listLedgers(clone))
  const { findings } = await doctorOps({ ops: await storeAt(clone), deep: true })
  const { violations } = await verify({ root: clone })
  const fsck = tryGit(clone, 'fsck', '--strict', '--no-dangling', '--no-progress')
  return [
    ...closed.flatMap((op) => troubleWithOp(op, copies.get(op.id), restored.has(op.id))),
    ...someOf(closed).flatMap((op) => troubleShown(clone, op)),
    ...broken.map(({ message }) => message),
    ...(foreign === 0 ? [] : [`${foreign} foreign files`]),
    ...(fsck.status === 0 ? [] : [`git fsck: ${fsck.text}`]),
    ...violations.map(({ id, message }) => `gate: ${id}: ${message}`),
    ...findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ id, message }) => `doctor: ${id}: ${message}`),
  ].map((line) => `${clone}: ${line}`)
}

/** Merges a branch of the server into its main, as a host does: without a work tree. */
export const mergeOnServer = (server, branch) => {
  const merged = tryGit(server, 'merge-tree', '--write-tree', 'main', branch)
  if (merged.status !== 0) return merged.text
  const [tree] = merged.text.split('\n')
  const message = `Merge ${branch}`
  const args = ['commit-tree', tree, '-p', 'main', '-p', branch, '-m', message]
  git(server, 'update-ref', 'refs/heads/main', git(server, ...args).trim())
  git(server, 'branch', '--quiet', '-D', branch)
  return undefined
}
