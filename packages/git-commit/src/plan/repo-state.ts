import type { CommitResult } from '@kitty/writer'
import { isFailure } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import type { RepoConfig } from '../repository/config.js'
import type { RepoConfigReader } from '../repository/config-cache.js'
import { readTip } from '../repository/head.js'
import { type HeadTree, readHeadTree } from '../repository/head-tree.js'
import { findIgnored, type IgnoreRule, mayBeIgnored } from '../repository/ignore.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import type { PlannedRequest } from './planned-request.js'
import { otherRecordPaths } from './record-places.js'

/** Everything about the repository that a commit depends on, as it was at one moment. */
export type RepoState = {
  readonly workTree: WorkTreeState
  /** The commit at HEAD; undefined on an unborn branch. */
  readonly tip: string | undefined
  /** What the tip holds in the folders on the way to what is to be committed. */
  readonly head: HeadTree
  readonly repoConfig: RepoConfig
  readonly ignored: ReadonlyMap<string, IgnoreRule>
}

const pathsOf = (prefix: string, planned: readonly PlannedRequest[]): string[] => {
  const indexes = planned.flatMap(({ request: { index } }) =>
    index === undefined ? [] : [toTopPath(prefix, index)],
  )
  const touched = planned.flatMap(({ changes }) => changes.map(({ path }) => path))
  return [...new Set([...touched, ...indexes])]
}

/** Looks at all of it; in a process that has looked before, mostly without starting git. */
export const readRepoState = async (
  workTree: WorkTreeState,
  planned: readonly PlannedRequest[],
  readRepoConfig: RepoConfigReader,
): Promise<RepoState | CommitResult> => {
  const paths = pathsOf(workTree.prefix, planned)
  const looked = planned.flatMap(({ changes }) =>
    changes.flatMap((it) => otherRecordPaths(it, workTree)),
  )
  const tip = await readTip(workTree, workTree.head)
  const [repoConfig, head] = await Promise.all([
    readRepoConfig(workTree),
    readHeadTree(workTree, tip, [...paths, ...looked]),
  ])
  if (isFailure(repoConfig)) return repoConfig
  if (isFailure(head)) return head
  const suspect = mayBeIgnored({ tree: workTree, head, repoConfig }, paths)
  const ignored = suspect ? await findIgnored(workTree.top, paths) : new Map()
  return isFailure(ignored) ? ignored : { workTree, tip, head, ignored, repoConfig }
}
