import type { CommitResult } from '@kitty/writer'
import { isResult } from '../git/failures.js'
import { belowTop } from '../git/paths.js'
import type { RepositoryFacts } from '../repository/config.js'
import type { FactsReader } from '../repository/config-cache.js'
import { readTip } from '../repository/head.js'
import { type HeadFolders, readHeadFolders } from '../repository/head-tree.js'
import { findIgnored, type IgnoreRule, mayBeIgnored } from '../repository/ignore.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import type { PlannedRequest } from './planned-request.js'
import { otherPlaces } from './record-places.js'

/** Everything about the repository that a commit depends on, as it was at one moment. */
export type Situation = {
  readonly state: WorkTreeState
  /** The commit at HEAD; undefined on an unborn branch. */
  readonly tip: string | undefined
  /** What the tip holds in the folders on the way to what is to be committed. */
  readonly head: HeadFolders
  readonly facts: RepositoryFacts
  readonly ignored: ReadonlyMap<string, IgnoreRule>
}

const pathsOf = (prefix: string, planned: readonly PlannedRequest[]): string[] => {
  const indexes = planned.flatMap(({ request: { index } }) =>
    index === undefined ? [] : [belowTop(prefix, index)],
  )
  const touched = planned.flatMap(({ changes }) => changes.map(({ path }) => path))
  return [...new Set([...touched, ...indexes])]
}

/** Looks at all of it; in a process that has looked before, mostly without starting git. */
export const lookAround = async (
  state: WorkTreeState,
  planned: readonly PlannedRequest[],
  readFacts: FactsReader,
): Promise<Situation | CommitResult> => {
  const paths = pathsOf(state.prefix, planned)
  const looked = planned.flatMap(({ changes }) => changes.flatMap((it) => otherPlaces(it, state)))
  const tip = await readTip(state, state.head)
  const [facts, head] = await Promise.all([
    readFacts(state),
    readHeadFolders(state, tip, [...paths, ...looked]),
  ])
  if (isResult(facts)) return facts
  if (isResult(head)) return head
  const suspect = mayBeIgnored({ tree: state, head, facts }, paths)
  const ignored = suspect ? await findIgnored(state.top, paths) : new Map()
  return isResult(ignored) ? ignored : { state, tip, head, ignored, facts }
}
