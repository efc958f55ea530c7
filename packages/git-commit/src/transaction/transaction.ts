import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CommitResult } from '@kitty/writer'
import { isResult, unexpected } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { nullId } from '../objects/object.js'
import { comeInPack } from '../objects/store.js'
import type { PlannedCommit } from '../plan/plan-commits.js'
import type { RepoState } from '../plan/repo-state.js'
import { hooksOff } from '../repository/config.js'
import { readTip } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'
import {
  changesOf,
  FSYNC,
  type Group,
  isToSign,
  type ResolvedOptions,
  reflogReason,
  strongest,
} from './commit-set.js'
import { changeIndex } from './index-entries.js'
import { type IndexUpdate, lockIndex, prepareIndexUpdate } from './index-file.js'
import { type IndexCache, NO_INDEX_CACHE, planIndexCache } from './ops-index.js'
import { type HeadMove, startHeadMove, syncRef } from './ref-update.js'
import { type Written, writeCommits } from './write-commits.js'

/** The ids of a group's commits, in order; or nothing changed, because HEAD `moved`, or as the result says. */
type GroupAnswer = Written | 'moved' | CommitResult

/** A group, the index cache that it carries, and its commits where they are there already. */
type Plan = { readonly group: Group; readonly cache: IndexCache; readonly signed?: Written }

/** What is to be committed; `carry`: together with the index cache. */
type Task = Pick<Group, 'repo' | 'commits' | 'options' | 'sign'> & { readonly carry: boolean }

const planGroup = async ({ carry, ...task }: Task): Promise<Plan> => {
  const { repo, commits } = task
  const requests = commits.map(({ planned }) => planned.request)
  const durability = strongest(requests)
  const carriers = requests.filter(
    ({ index }) => index && !repo.ignored.has(toTopPath(repo.workTree.prefix, index)),
  )
  const cache = carry ? await planIndexCache(carriers, repo.workTree) : NO_INDEX_CACHE
  const config = [...(durability === 'power' ? FSYNC : []), ...hooksOff(repo.repoConfig)]
  return { group: { ...task, durability, config, index: cache.change }, cache }
}

/** Signing takes as long as the person's key does, which nobody else's git is to wait for. */
const sign = async (task: Task): Promise<Plan | CommitResult> => {
  const plan = await planGroup(task)
  const signed = await writeCommits(plan.group).catch(unexpected)
  return isResult(signed) ? signed : { ...plan, signed }
}

type Prepared = {
  readonly index: Promise<IndexUpdate | CommitResult>
  readonly commits: Promise<Written | CommitResult>
  readonly head: HeadMove
}

/**
 * Begins all that shows nothing yet, each beside the others. Git's part of it comes first, because git
 * takes longest; the last git waits until it is told what to move HEAD to. Only a pack must be there
 * before the index is changed, or git would store each record once more.
 */
const prepare = ({ group, signed }: Plan): Prepared => {
  const { durability, config } = group
  const { gitTimeoutMs } = group.options
  const { workTree, repoConfig } = group.repo
  const change = { ...workTree, changes: changesOf(group), repoConfig, config, gitTimeoutMs }
  const prepareIndex = () =>
    prepareIndexUpdate({ ...workTree, durability }, (copy) => changeIndex(change, copy)).catch(
      unexpected,
    )
  const startMove = () => startHeadMove(workTree, { reason: reflogReason(group), config })
  if (signed !== undefined || comeInPack(group.commits.length)) {
    const commits = signed ? Promise.resolve(signed) : writeCommits(group).catch(unexpected)
    return { commits, head: startMove(), index: commits.then(prepareIndex) }
  }
  const index = prepareIndex()
  const head = startMove()
  return { index, head, commits: writeCommits(group, index).catch(unexpected) }
}

/**
 * A rebase that began, or a switch to another branch with the same tip, would pass the swap unseen. A
 * tip that moved would not, but a user's commit could take along what was published until then.
 */
const isAsBefore = async ({ repo, options }: Group): Promise<boolean> => {
  const now = await readWorkTree(join(repo.workTree.top, repo.workTree.prefix), options.env)
  if (now === undefined || now.inProgress !== undefined) return false
  return (
    isDeepStrictEqual(now.head, repo.workTree.head) && (await readTip(now, now.head)) === repo.tip
  )
}

/** What shows nothing yet. */
type Unpublished = { readonly update: IndexUpdate; readonly head: HeadMove } & Written

/**
 * Index first, then the branch. A crash in between leaves a staged record, which the next try
 * commits; the other way round it would leave a staged deletion, and the user's next commit would
 * take the record away. The index stays locked meanwhile, so no commit of the user's falls in between.
 */
const publish = async (group: Group, { update, head, ids }: Unpublished): Promise<GroupAnswer> => {
  if (!(await isAsBefore(group))) return 'moved'
  const { repo, durability } = group
  const last = ids.at(-1) ?? ''
  await update.publish()
  const answer = await head
    .to(last, repo.tip ?? nullId(repo.repoConfig.objectFormat))
    .catch(unexpected)
  const isThere = async () => (await readTip(repo.workTree, repo.workTree.head)) === last
  if (answer !== 'done' && (answer === 'moved' || !(await isThere()))) {
    await update.retract()
    return answer
  }
  if (durability === 'power') await syncRef(repo.workTree)
  return { ids }
}

const write = async (plan: Plan): Promise<GroupAnswer> => {
  const { index, commits, head } = prepare(plan)
  // Neither rejects: whatever becomes of one, the other is waited for and finished with.
  const [update, written] = await Promise.all([index, commits])
  try {
    if (isResult(update)) return update
    if (isResult(written)) return written
    return await publish(plan.group, { update, head, ids: written.ids })
  } finally {
    if (!isResult(update)) update.finish()
    await head.cancel()
  }
}

/** While the index is locked, so that nothing that git tracks changes under the feet of another git. */
const writeLocked = async (plan: Plan): Promise<GroupAnswer | 'no-index-cache'> => {
  const { cache } = plan
  if (!(await cache.write())) return 'no-index-cache'
  const answer = await write(plan).catch(unexpected)
  // Nothing was committed, so nothing that git tracks may have changed.
  if (answer === 'moved' || !('ids' in answer)) await cache.undo()
  return answer
}

const commit = async (task: Task): Promise<GroupAnswer> => {
  const { repo, options } = task
  const signed = task.sign ? await sign(task) : undefined
  if (signed !== undefined && isResult(signed)) return signed
  const lock = await lockIndex(repo.workTree.gitDir, options.lockTimeoutMs)
  if (isResult(lock)) return lock
  const run = async () => writeLocked(signed ?? (await planGroup(task)))
  const answer = await run().finally(lock.release)
  return answer === 'no-index-cache' ? commit({ ...task, carry: false }) : answer
}

/** Commits a group: one index update, a commit for each entry, one move of HEAD. */
export const commitGroup = (
  repo: RepoState,
  commits: readonly PlannedCommit[],
  options: ResolvedOptions,
): Promise<GroupAnswer> => {
  const sign = isToSign(options.sign, repo.repoConfig.config)
  return commit({ repo, commits, options, sign, carry: true })
}
