// Commits a set of planned commits with git: steps 5 to 7 of a close. The numbers are those of the table in
// docs/durability.md. Step 4, reading the state of the repository, is plan/repo-state.ts.
//
//   5  under git's own index.lock: change a copy of the index and write the objects, at the same time
//   6  check that nothing moved since step 4; rename the copy over the index
//   7  move the branch under its lock and that of HEAD, if it is still where step 4 found it (move-head.ts)
//
// A crash after …
//   5  leaves unreachable objects, which git's gc removes; a copy of the index and an index.lock made by this
//      software, which the next transaction removes.
//   6  leaves a staged record. The next completion commits it. A user's commit may do so first; the Op then counts
//      as committed by that commit.
//   the start of 7 leaves locks of HEAD and the branch made by this software, which the next transaction removes, and a
//      line in the reflogs.
//   7  leaves an intent for a committed Op: see commit-batch.ts.
// The index goes first. With the branch ahead of the index, git would show a staged deletion of the record, and the
// user's next commit would remove it. If step 7 fails, the index is rolled back to its old file.
//
// Limits: the index is locked for the whole of 5 to 7, which takes milliseconds; another git process waits or fails,
// as it would next to any other git. What this software cannot move as git would, git moves: it is
// started in step 5 and gets its command in step 7. Such a move is by name: if HEAD is on another branch right after it,
// it is reverted, and the Op is planned again. Signing happens before the lock is taken. A power loss leaves no more than a crash with
// durability `power`: objects are synced before 6, the index and its folder in 6, the branch in 7.

import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CommitResult } from '@kitty/writer'
import { failureFromError } from '../git/failures.js'
import { ok, type Result, stop, stopOnError } from '../git/result.js'
import { nullId } from '../objects/object.js'
import { needsPack } from '../objects/store.js'
import type { PlannedCommit } from '../plan/plan-commits.js'
import type { RepoState } from '../plan/repo-state.js'
import { fsyncSettings, hooksOff } from '../repository/config.js'
import { readTip } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'
import {
  type CommitSet,
  changesOf,
  isToSign,
  type ResolvedOptions,
  reflogReason,
  strongestDurability,
} from './commit-set.js'
import { changeIndex } from './index-entries.js'
import { type IndexUpdate, lockIndex, prepareIndexUpdate } from './index-file.js'
import { changeWithoutGit } from './index-without-git.js'
import { type IndexCache, NO_INDEX_CACHE, planIndexCache, updateLocalIndex } from './ops-index.js'
import { MOVED, type Moved, prepareRefUpdate, type RefUpdate, syncRef } from './ref-update.js'
import { type CommitIds, writeCommits } from './write-commits.js'

/** The ids of the commits, in order. Otherwise nothing changed: HEAD has moved, or as the result says. */
type TransactionResult = Result<CommitIds, CommitResult | Moved>

/** A commit set, its index cache, and its commits if they are already written. */
type TransactionPlan = {
  readonly set: CommitSet
  readonly cache: IndexCache
  readonly signed?: CommitIds
}

/** What to commit. `carry`: together with the index cache. */
type TransactionInput = Pick<CommitSet, 'repo' | 'commits' | 'options' | 'sign'> & {
  readonly carry: boolean
}

const planTransaction = async ({ carry, ...input }: TransactionInput): Promise<TransactionPlan> => {
  const { repo, commits } = input
  const requests = commits.map(({ planned }) => planned.request)
  const durability = strongestDurability(requests)
  const cache = carry ? await planIndexCache(requests, repo) : NO_INDEX_CACHE
  const config = [...(durability === 'power' ? fsyncSettings() : []), ...hooksOff(repo.repoConfig)]
  return { set: { ...input, durability, config, index: cache.change }, cache }
}

/**
 * Writes signed commits before the index is locked: signing can wait for a person, and no other git process should
 * wait with it.
 */
const signCommits = async (input: TransactionInput): Promise<Result<TransactionPlan>> => {
  const plan = await planTransaction(input)
  const signed = await writeCommits(plan.set).catch(stopOnError)
  return signed.ok ? ok({ ...plan, signed: signed.value }) : signed
}

type PreparedTransaction = {
  readonly index: Promise<Result<IndexUpdate>>
  readonly commits: Promise<Result<CommitIds>>
  readonly head: RefUpdate
}

/**
 * Starts everything that is not visible yet, in parallel. Git's part, if there is one, starts first, because git takes
 * longest. Only a pack must be stored before the index is changed, or git would store each record again if it changes
 * the index.
 */
const prepareTransaction = ({ set, signed }: TransactionPlan): PreparedTransaction => {
  const { durability, config } = set
  const { gitTimeoutMs } = set.options
  const { workTree, repoConfig } = set.repo
  const change = { ...workTree, changes: changesOf(set), repoConfig, config, gitTimeoutMs }
  const prepareIndex = () =>
    prepareIndexUpdate(
      { ...workTree, durability },
      {
        change: (copy) => changeIndex(change, copy),
        write: (index, copy) => changeWithoutGit(change, index, copy),
      },
    ).catch(stopOnError)
  const startMove = () =>
    prepareRefUpdate(workTree, { ...set.repo, reason: reflogReason(set), config, durability })
  if (signed !== undefined || needsPack(set.commits.length)) {
    const commits = signed ? Promise.resolve(ok(signed)) : writeCommits(set).catch(stopOnError)
    return { commits, head: startMove(), index: commits.then(prepareIndex) }
  }
  const head = startMove()
  return { head, index: prepareIndex(), commits: writeCommits(set).catch(stopOnError) }
}

/**
 * Whether the repository is still as it was read. The ref update would not notice a rebase that has begun, or a
 * switch to another branch with the same tip. It would notice a moved tip, but by then a user's commit could
 * include what was published.
 */
const isUnchanged = async ({ repo, options }: CommitSet): Promise<boolean> => {
  const now = await readWorkTree(join(repo.workTree.top, repo.workTree.prefix), options.env)
  if (now === undefined || now.inProgress !== undefined) return false
  return (
    isDeepStrictEqual(now.head, repo.workTree.head) && (await readTip(now, now.head)) === repo.tip
  )
}

/** Prepared changes; nothing is visible yet. */
type PublishableTransaction = {
  readonly update: IndexUpdate
  readonly head: RefUpdate
  readonly ids: CommitIds
}

/**
 * Publishes the index, then the branch. A crash in between leaves a staged record, which the next attempt commits.
 * In the reverse order it would leave a staged deletion, and the user's next commit would remove the record. The
 * index stays locked, so the user cannot commit in between.
 */
const publishTransaction = async (
  set: CommitSet,
  { update, head, ids }: PublishableTransaction,
): Promise<TransactionResult> => {
  if (!(await isUnchanged(set))) return stop(MOVED)
  const { repo, durability } = set
  const last = ids.at(-1) ?? ''
  await update.commit()
  const failure = await head
    .commit(last, repo.tip ?? nullId(repo.repoConfig.objectFormat))
    .catch(failureFromError)
  const isThere = async () => (await readTip(repo.workTree, repo.workTree.head)) === last
  if (failure !== undefined && (failure.status === 'moved' || !(await isThere()))) {
    await update.rollback()
    return stop(failure)
  }
  if (durability === 'power') await syncRef(repo.workTree)
  return ok(ids)
}

const commitPrepared = async (plan: TransactionPlan): Promise<TransactionResult> => {
  const { index, commits, head } = prepareTransaction(plan)
  // Neither promise rejects, so both are awaited and cleaned up whatever happens.
  const [update, written] = await Promise.all([index, commits])
  try {
    if (!update.ok) return update
    if (!written.ok) return written
    return await publishTransaction(plan.set, { update: update.value, head, ids: written.value })
  } finally {
    if (update.ok) update.value.dispose()
    await head.abort()
  }
}

/**
 * Commits, with the index cache updated. Caller must hold the index lock, so that no tracked file changes while
 * another git process runs. Returns `undefined`, and changes nothing, if the cache has changed since it was read.
 */
const runUnderIndexLock = async (plan: TransactionPlan): Promise<TransactionResult | undefined> => {
  const { cache } = plan
  if (!(await cache.write())) return undefined
  const answer = await commitPrepared(plan).catch(stopOnError)
  // Nothing was committed, so the tracked file is restored.
  if (!answer.ok) await cache.undo()
  return answer
}

const commit = async (input: TransactionInput): Promise<TransactionResult> => {
  const { repo, options } = input
  const signed = input.sign ? await signCommits(input) : undefined
  if (signed?.ok === false) return signed
  const lock = await lockIndex(repo.workTree.gitDir, options.lockTimeoutMs)
  if (!lock.ok) return lock
  const run = async () => runUnderIndexLock(signed?.value ?? (await planTransaction(input)))
  const answer = await run().finally(lock.value.release)
  return answer ?? commit({ ...input, carry: false })
}

/** Commits a batch: one index update, a commit for each entry, one move of HEAD. */
export const commitTransaction = async (
  repo: RepoState,
  commits: readonly PlannedCommit[],
  options: ResolvedOptions,
): Promise<TransactionResult> => {
  const sign = isToSign(options.sign, repo.repoConfig.config)
  const answer = await commit({ repo, commits, options, sign, carry: true })
  const requests = commits.map(({ planned }) => planned.request)
  if (answer.ok) await updateLocalIndex(requests, repo)
  return answer
}
