import type { CommitRequest } from '@kitty/writer'
import { toTopPath } from '../git/paths.js'
import { ok, type Result } from '../git/result.js'
import type { RepoConfig } from '../repository/config.js'
import type { RepoConfigReader } from '../repository/config-cache.js'
import { readTip } from '../repository/head.js'
import { type HeadTree, readHeadTree } from '../repository/head-tree.js'
import { findIgnored, type IgnoreRule, mayBeIgnored } from '../repository/ignore.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import type { PlannedRequest } from './planned-request.js'
import { otherRecordPaths } from './record-places.js'

/** The state of the repository that a commit depends on, at one moment. */
export type RepoState = {
  readonly workTree: WorkTreeState
  /** The commit at HEAD; `undefined` on an unborn branch. */
  readonly tip: string | undefined
  /** The tip's trees on the way to the paths to commit. */
  readonly head: HeadTree
  readonly repoConfig: RepoConfig
  readonly ignored: ReadonlyMap<string, IgnoreRule>
}

/** The index cache of a request, relative to the top. */
const indexPathsOf = (prefix: string, requests: readonly CommitRequest[]): readonly string[] =>
  requests.flatMap((request) =>
    request.kind === 'op' && request.index ? [toTopPath(prefix, request.index.path)] : [],
  )

/**
 * Reads the state, mostly without starting git if this process has read it before. Stops if it cannot be read.
 */
export const readRepoState = async (
  workTree: WorkTreeState,
  planned: readonly PlannedRequest[],
  readRepoConfig: RepoConfigReader,
): Promise<Result<RepoState>> => {
  const changes = planned.flatMap(({ needed, extras }) => [...needed, ...extras])
  const paths = [...new Set(changes.map(({ path }) => path))]
  const requests = planned.map(({ request }) => request)
  const looked = [
    ...changes.flatMap((it) => otherRecordPaths(it, workTree)),
    ...indexPathsOf(workTree.prefix, requests),
  ]
  const tip = await readTip(workTree, workTree.head)
  const [repoConfig, head] = await Promise.all([
    readRepoConfig(workTree),
    readHeadTree(workTree, tip, [...paths, ...looked]),
  ])
  if (!repoConfig.ok) return repoConfig
  if (!head.ok) return head
  const read = { workTree, tip, head: head.value, repoConfig: repoConfig.value }
  const suspect = mayBeIgnored(read, paths)
  const ignored = suspect ? await findIgnored(workTree.top, paths) : ok(new Map())
  return ignored.ok ? ok({ ...read, ignored: ignored.value }) : ignored
}
