// Commits a set of planned commits with git: steps 5 to 7 of a close. The numbers are those of the table in
// docs/durability.md. Step 4, reading the state of the repository, is plan/repo-state.ts.
//
//   5  under git's own index.lock: change a copy of the index, write the objects, and start the git that will
//      move the branch; the three run at the same time
//   6  check that nothing moved since step 4; rename the copy over the index
//   7  tell that git to move the branch, if it is still where step 4 found it
//
// A crash after …
//   5  leaves unreachable objects, which git's gc removes; a copy of the index and an index.lock made by this
//      software, which the next transaction removes.
//   6  leaves a staged record. The next completion commits it. A user's commit may do so first; the Op then counts
//      as committed by that commit.
//   7  leaves an intent for a committed Op: see commit-batch.ts.
// The index goes first. With the branch ahead of the index, git would show a staged deletion of the record, and the
// user's next commit would remove it. If step 7 fails, the index is rolled back to its old file.
//
// Limits: the index is locked for the whole of 5 to 7, which takes milliseconds; another git waits or fails as beside
// any git. The branch moves by name: if HEAD is on another branch right after step 7, the move is reverted, and the
// Op is planned again. Signing happens before the lock is taken. A power loss leaves no more than a crash with
// durability `power`: objects are synced before 6, the index and its folder in 6, the branch in 7.

import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CommitResult } from '@kitty/writer'
import { failureFromError, isFailure } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { nullId } from '../objects/object.js'
import { needsPack } from '../objects/store.js'
import type { PlannedCommit } from '../plan/plan-commits.js'
import type { RepoState } from '../plan/repo-state.js'
import { hooksOff } from '../repository/config.js'
import { readTip } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'
import {
  type CommitSet,
  changesOf,
  FSYNC,
  isToSign,
  type ResolvedOptions,
  reflogReason,
  strongestDurability,
} from './commit-set.js'
import { changeIndex } from './index-entries.js'
import { type IndexUpdate, lockIndex, prepareIndexUpdate } from './index-file.js'
import { type IndexCache, NO_INDEX_CACHE, planIndexCache } from './ops-index.js'
import { prepareRefUpdate, type RefUpdate, syncRef } from './ref-update.js'
import { type WrittenCommits, writeCommits } from './write-commits.js'

/** The ids of a group's commits, in order; or nothing changed, because HEAD `moved`, or as the result says. */
type TransactionResult = WrittenCommits | 'moved' | CommitResult

/** A group, the index cache that it carries, and its commits where they are there already. */
type TransactionPlan = {
  readonly set: CommitSet
  readonly cache: IndexCache
  readonly signed?: WrittenCommits
}

/** What is to be committed; `carry`: together with the index cache. */
type TransactionInput = Pick<CommitSet, 'repo' | 'commits' | 'options' | 'sign'> & {
  readonly carry: boolean
}

const planTransaction = async ({ carry, ...input }: TransactionInput): Promise<TransactionPlan> => {
  const { repo, commits } = input
  const requests = commits.map(({ planned }) => planned.request)
  const durability = strongestDurability(requests)
  const carriers = requests.filter(
    ({ index }) => index && !repo.ignored.has(toTopPath(repo.workTree.prefix, index)),
  )
  const cache = carry ? await planIndexCache(carriers, repo.workTree) : NO_INDEX_CACHE
  const config = [...(durability === 'power' ? FSYNC : []), ...hooksOff(repo.repoConfig)]
  return { set: { ...input, durability, config, index: cache.change }, cache }
}

/** Signing takes as long as the person's key does, which nobody else's git is to wait for. */
const signCommits = async (input: TransactionInput): Promise<TransactionPlan | CommitResult> => {
  const plan = await planTransaction(input)
  const signed = await writeCommits(plan.set).catch(failureFromError)
  return isFailure(signed) ? signed : { ...plan, signed }
}

type PreparedTransaction = {
  readonly index: Promise<IndexUpdate | CommitResult>
  readonly commits: Promise<WrittenCommits | CommitResult>
  readonly head: RefUpdate
}

/**
 * Begins all that shows nothing yet, each beside the others. Git's part of it comes first, because git
 * takes longest; the last git waits until it is told what to move HEAD to. Only a pack must be there
 * before the index is changed, or git would store each record once more.
 */
const prepareTransaction = ({ set, signed }: TransactionPlan): PreparedTransaction => {
  const { durability, config } = set
  const { gitTimeoutMs } = set.options
  const { workTree, repoConfig } = set.repo
  const change = { ...workTree, changes: changesOf(set), repoConfig, config, gitTimeoutMs }
  const prepareIndex = () =>
    prepareIndexUpdate({ ...workTree, durability }, (copy) => changeIndex(change, copy)).catch(
      failureFromError,
    )
  const startMove = () => prepareRefUpdate(workTree, { reason: reflogReason(set), config })
  if (signed !== undefined || needsPack(set.commits.length)) {
    const commits = signed ? Promise.resolve(signed) : writeCommits(set).catch(failureFromError)
    return { commits, head: startMove(), index: commits.then(prepareIndex) }
  }
  const index = prepareIndex()
  const head = startMove()
  return { index, head, commits: writeCommits(set, index).catch(failureFromError) }
}

/**
 * A rebase that began, or a switch to another branch with the same tip, would pass the swap unseen. A
 * tip that moved would not, but a user's commit could take along what was published until then.
 */
const isUnchanged = async ({ repo, options }: CommitSet): Promise<boolean> => {
  const now = await readWorkTree(join(repo.workTree.top, repo.workTree.prefix), options.env)
  if (now === undefined || now.inProgress !== undefined) return false
  return (
    isDeepStrictEqual(now.head, repo.workTree.head) && (await readTip(now, now.head)) === repo.tip
  )
}

/** What shows nothing yet. */
type PublishableTransaction = {
  readonly update: IndexUpdate
  readonly head: RefUpdate
} & WrittenCommits

/**
 * Index first, then the branch. A crash in between leaves a staged record, which the next try
 * commits; the other way round it would leave a staged deletion, and the user's next commit would
 * take the record away. The index stays locked meanwhile, so no commit of the user's falls in between.
 */
const publishTransaction = async (
  set: CommitSet,
  { update, head, ids }: PublishableTransaction,
): Promise<TransactionResult> => {
  if (!(await isUnchanged(set))) return 'moved'
  const { repo, durability } = set
  const last = ids.at(-1) ?? ''
  await update.commit()
  const answer = await head
    .commit(last, repo.tip ?? nullId(repo.repoConfig.objectFormat))
    .catch(failureFromError)
  const isThere = async () => (await readTip(repo.workTree, repo.workTree.head)) === last
  if (answer !== 'done' && (answer === 'moved' || !(await isThere()))) {
    await update.rollback()
    return answer
  }
  if (durability === 'power') await syncRef(repo.workTree)
  return { ids }
}

const commitPrepared = async (plan: TransactionPlan): Promise<TransactionResult> => {
  const { index, commits, head } = prepareTransaction(plan)
  // Neither rejects: whatever becomes of one, the other is waited for and finished with.
  const [update, written] = await Promise.all([index, commits])
  try {
    if (isFailure(update)) return update
    if (isFailure(written)) return written
    return await publishTransaction(plan.set, { update, head, ids: written.ids })
  } finally {
    if (!isFailure(update)) update.dispose()
    await head.abort()
  }
}

/** While the index is locked, so that nothing that git tracks changes under the feet of another git. */
const runUnderIndexLock = async (
  plan: TransactionPlan,
): Promise<TransactionResult | 'no-index-cache'> => {
  const { cache } = plan
  if (!(await cache.write())) return 'no-index-cache'
  const answer = await commitPrepared(plan).catch(failureFromError)
  // Nothing was committed, so nothing that git tracks may have changed.
  if (answer === 'moved' || !('ids' in answer)) await cache.undo()
  return answer
}

const commit = async (input: TransactionInput): Promise<TransactionResult> => {
  const { repo, options } = input
  const signed = input.sign ? await signCommits(input) : undefined
  if (signed !== undefined && isFailure(signed)) return signed
  const lock = await lockIndex(repo.workTree.gitDir, options.lockTimeoutMs)
  if (isFailure(lock)) return lock
  const run = async () => runUnderIndexLock(signed ?? (await planTransaction(input)))
  const answer = await run().finally(lock.release)
  return answer === 'no-index-cache' ? commit({ ...input, carry: false }) : answer
}

/** Commits a group: one index update, a commit for each entry, one move of HEAD. */
export const commitTransaction = (
  repo: RepoState,
  commits: readonly PlannedCommit[],
  options: ResolvedOptions,
): Promise<TransactionResult> => {
  const sign = isToSign(options.sign, repo.repoConfig.config)
  return commit({ repo, commits, options, sign, carry: true })
}
