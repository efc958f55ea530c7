import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CommitResult } from '@kitty/writer'
import { changeIndex } from './change-index.js'
import { unexpected } from './git-failures.js'
import { nullId } from './git-object.js'
import { changesOf, FSYNC, type Group, reflogReason, strongest } from './group.js'
import { refreshIndexCache } from './index-cache.js'
import { type IndexUpdate, lockIndex, prepareIndexUpdate } from './index-update.js'
import { type HeadMove, startHeadMove } from './move-head.js'
import { belowTop } from './planned-request.js'
import { isResult } from './result.js'
import { isToSign, type Signing } from './signed-commit.js'
import type { Entry, Situation } from './situation.js'
import { comeInPack } from './store-objects.js'
import { syncRef } from './sync-ref.js'
import { readTip } from './tip.js'
import { lookAtWorkTree } from './work-tree.js'
import { type Written, writeCommits } from './write-commits.js'

export type GroupOptions = {
  readonly lockTimeoutMs: number
  readonly gitTimeoutMs: number | undefined
  readonly sign: Signing
  readonly signTimeoutMs: number
  readonly env: NodeJS.ProcessEnv | undefined
}

/** The ids of a group's commits, in order; or nothing changed, because HEAD `moved`, or as the result says. */
export type GroupAnswer = Written | 'moved' | CommitResult

/**
 * A rebase that began, or a switch to another branch with the same tip, would pass the swap unseen. A
 * tip that moved would not, but a user's commit could take along what was published until then.
 */
const isAsBefore = async ({ at }: Group, options: GroupOptions): Promise<boolean> => {
  const now = await lookAtWorkTree(join(at.state.top, at.state.prefix), options.env)
  if (now === undefined || now.busy !== undefined) return false
  return isDeepStrictEqual(now.head, at.state.head) && (await readTip(now, now.head)) === at.tip
}

/**
 * Index first, then the branch. A crash in between leaves a staged record, which the next try
 * commits; the other way round it would leave a staged deletion, and the user's next commit would
 * take the record away. The index stays locked meanwhile, so no commit of the user's falls in between.
 */
const show = async (
  { at, durability }: Group,
  { update, head }: { update: IndexUpdate; head: HeadMove },
  ids: readonly string[],
): Promise<GroupAnswer> => {
  const last = ids.at(-1) ?? ''
  await update.publish()
  const answer = await head.to(last, at.tip ?? nullId(at.facts.objectFormat)).catch(unexpected)
  const isDone =
    answer === 'done' || (answer !== 'moved' && (await readTip(at.state, at.state.head)) === last)
  if (!isDone) {
    await update.retract()
    return answer
  }
  if (durability === 'power') await syncRef(at.state)
  return { ids }
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
const prepare = (group: Group, { gitTimeoutMs }: GroupOptions): Prepared => {
  const { durability, config } = group
  const { state, facts } = group.at
  const changes = changesOf(group)
  const request = { ...state, changes, facts, config, gitTimeoutMs }
  const prepareIndex = () =>
    prepareIndexUpdate({ ...state, durability }, (copy) => changeIndex(request, copy)).catch(
      unexpected,
    )
  const startMove = () => startHeadMove(state, { reason: reflogReason(group), config })
  if (comeInPack(group.entries.length)) {
    const commits = writeCommits(group).catch(unexpected)
    return { commits, head: startMove(), index: commits.then(prepareIndex) }
  }
  const index = prepareIndex()
  const head = startMove()
  return { index, head, commits: writeCommits(group, index).catch(unexpected) }
}

const write = async (group: Group, options: GroupOptions): Promise<GroupAnswer> => {
  const { index, commits, head } = prepare(group, options)
  // Neither rejects: whatever becomes of one, the other is waited for and finished with.
  const [update, written] = await Promise.all([index, commits])
  try {
    if (isResult(update)) return update
    if (isResult(written)) return written
    if (!(await isAsBefore(group, options))) return 'moved'
    return await show(group, { update, head }, written.ids)
  } finally {
    if (!isResult(update)) update.finish()
    await head.cancel()
  }
}

/** While the index is locked, so that nothing that git tracks changes under the feet of another git. */
const writeLocked = async (
  at: Situation,
  entries: readonly Entry[],
  options: GroupOptions,
): Promise<GroupAnswer> => {
  const requests = entries.map(({ planned }) => planned.request)
  const durability = strongest(requests)
  const cache = await refreshIndexCache(
    requests.filter(({ index }) => index && !at.ignored.has(belowTop(at.state.prefix, index))),
    at.state,
  )
  const answer = await write(
    {
      at,
      entries,
      durability,
      config: durability === 'power' ? FSYNC : [],
      sign: isToSign(options.sign, at.facts.config),
      signTimeoutMs: options.signTimeoutMs,
      index: cache.change,
    },
    options,
  ).catch(unexpected)
  // Nothing was committed, so nothing that git tracks may have changed.
  if (answer === 'moved' || !('ids' in answer)) await cache.undo()
  return answer
}

/** Commits a group: one index update, a commit for each entry, one move of HEAD. */
export const commitGroup = async (
  at: Situation,
  entries: readonly Entry[],
  options: GroupOptions,
): Promise<GroupAnswer> => {
  const lock = await lockIndex(at.state.gitDir, options.lockTimeoutMs)
  if (isResult(lock)) return lock
  return writeLocked(at, entries, options).finally(lock.release)
}
