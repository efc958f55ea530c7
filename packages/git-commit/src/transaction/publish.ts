import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { CommitResult } from '@kitty/writer'
import { unexpected } from '../git/failures.js'
import { nullId } from '../objects/object.js'
import { readTip } from '../repository/tip.js'
import { lookAtWorkTree } from '../repository/work-tree.js'
import type { Group } from './commit-set.js'
import type { IndexUpdate } from './index-file.js'
import type { HeadMove } from './ref-update.js'
import { syncRef } from './sync-ref.js'
import type { Written } from './write-commits.js'

/** The ids of a group's commits, in order; or nothing changed, because HEAD `moved`, or as the result says. */
export type GroupAnswer = Written | 'moved' | CommitResult

/**
 * A rebase that began, or a switch to another branch with the same tip, would pass the swap unseen. A
 * tip that moved would not, but a user's commit could take along what was published until then.
 */
const isAsBefore = async ({ at }: Group, env: NodeJS.ProcessEnv | undefined): Promise<boolean> => {
  const now = await lookAtWorkTree(join(at.state.top, at.state.prefix), env)
  if (now === undefined || now.busy !== undefined) return false
  return isDeepStrictEqual(now.head, at.state.head) && (await readTip(now, now.head)) === at.tip
}

/** What shows nothing yet. */
type Prepared = { readonly update: IndexUpdate; readonly head: HeadMove } & Written

/**
 * Index first, then the branch. A crash in between leaves a staged record, which the next try
 * commits; the other way round it would leave a staged deletion, and the user's next commit would
 * take the record away. The index stays locked meanwhile, so no commit of the user's falls in between.
 */
export const publish = async (
  group: Group,
  { update, head, ids }: Prepared,
  env: NodeJS.ProcessEnv | undefined,
): Promise<GroupAnswer> => {
  if (!(await isAsBefore(group, env))) return 'moved'
  const { at, durability } = group
  const last = ids.at(-1) ?? ''
  await update.publish()
  const answer = await head.to(last, at.tip ?? nullId(at.facts.objectFormat)).catch(unexpected)
  const isThere = async () => (await readTip(at.state, at.state.head)) === last
  if (answer !== 'done' && (answer === 'moved' || !(await isThere()))) {
    await update.retract()
    return answer
  }
  if (durability === 'power') await syncRef(at.state)
  return { ids }
}
