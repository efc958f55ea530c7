import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ATTRIBUTES_PATH, type CommitResult } from '@kitty/writer'
import { unexpected } from './git-failures.js'
import { changesOf, FSYNC, type Group, moveTo, planOf, strongest } from './group.js'
import { importCommits } from './import-commits.js'
import { refreshIndexCache } from './index-cache.js'
import { type IndexUpdate, lockIndex, prepareIndexUpdate } from './index-update.js'
import { belowTop, type HeadBlobs, isCommitted } from './planned-request.js'
import { isResult } from './result.js'
import type { Entry, Situation } from './situation.js'
import { readTip } from './tip.js'
import { lookAtWorkTree } from './work-tree.js'

export type GroupOptions = {
  readonly lockTimeoutMs: number
  readonly gitTimeoutMs: number | undefined
  readonly env: NodeJS.ProcessEnv | undefined
}

/**
 * What became of a group: the ids of its commits, in order; or nothing changed, because HEAD `moved`
 * meanwhile, because HEAD holds some of it already (and what it holds), or as the result says.
 */
export type GroupAnswer =
  | { readonly ids: readonly string[] }
  | { readonly inHead: HeadBlobs }
  | 'moved'
  | CommitResult

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
  group: Group,
  update: IndexUpdate,
  ids: readonly string[],
  options: GroupOptions,
): Promise<GroupAnswer> => {
  if (!(await isAsBefore(group, options))) return 'moved'
  const { state } = group.at
  const last = ids.at(-1) ?? ''
  await update.publish()
  const answer = await moveTo(group, last).catch(unexpected)
  // A git that was killed, by its time limit say, may have moved HEAD before that.
  if (answer === 'done' || (await readTip(state, state.head)) === last) return { ids }
  update.retract()
  return answer
}

/**
 * Whether what HEAD holds changes what is to be committed. That is rare, so it is not asked before
 * but told by the importer, which reads those trees anyway; then all is prepared once more.
 */
const isNews = ({ at, entries }: Group, inHead: HeadBlobs): boolean =>
  inHead.size > at.head.size &&
  entries.some(
    ({ planned, changes }) =>
      isCommitted(planned, inHead, at.facts.objectFormat) ||
      changes.some(({ path }) => path.endsWith(ATTRIBUTES_PATH) && inHead.has(path)),
  )

const write = async (group: Group, options: GroupOptions): Promise<GroupAnswer> => {
  const { state, facts } = group.at
  const { durability, config } = group
  const { gitTimeoutMs } = options
  const changes = changesOf(group)
  const [imported, update] = await Promise.all([
    // Never rejects: the other must be waited for, whose lock has to be let go.
    importCommits(state, planOf(group), config).catch(unexpected),
    prepareIndexUpdate({ ...state, changes, facts, durability, config, gitTimeoutMs }),
  ])
  if ('status' in update) return update
  try {
    if (isResult(imported)) return imported
    if (isNews(group, imported.inParent)) return { inHead: imported.inParent }
    return await show(group, update, imported.ids, options)
  } finally {
    update.finish()
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
  const { prefix } = at.state
  const cache = await refreshIndexCache(
    requests.filter(({ index }) => index && !at.ignored.has(belowTop(prefix, index))),
    prefix,
  )
  const config = durability === 'power' ? FSYNC : []
  const group = { at, entries, durability, config, index: cache.change }
  const answer = await write(group, options).catch(unexpected)
  // Nothing was committed, so nothing that git tracks may have changed.
  if (answer === 'moved' || !('ids' in answer)) await cache.undo()
  return answer
}

/** Commits a group: one index update, one stream, a commit for each entry, one move of HEAD. */
export const commitGroup = async (
  at: Situation,
  entries: readonly Entry[],
  options: GroupOptions,
): Promise<GroupAnswer> => {
  const lock = await lockIndex(at.state.gitDir, options.lockTimeoutMs)
  if (isResult(lock)) return lock
  return writeLocked(at, entries, options).finally(lock.release)
}
