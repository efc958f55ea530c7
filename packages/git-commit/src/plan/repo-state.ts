import type { CommitResult } from '@kitty/writer'
import { isResult } from '../git/result.js'
import { lastCommitOf } from '../inspect/records-in-head.js'
import type { FileChange } from '../objects/file-change.js'
import type { RepositoryFacts } from '../repository/config.js'
import type { FactsReader } from '../repository/config-cache.js'
import { type HeadFolders, readHeadFolders } from '../repository/head-tree.js'
import { findIgnored, type IgnoreRule } from '../repository/ignore.js'
import { mayBeIgnored } from '../repository/ignore-files.js'
import { readTip } from '../repository/tip.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { otherPlaces, refuseClosed } from './closed-in-head.js'
import {
  belowTop,
  isCommitted,
  notCommitted,
  type PlannedRequest,
  withoutIgnored,
} from './planned-request.js'

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

/** One commit to make, and the place of its result among the results. */
export type Entry = {
  readonly position: number
  readonly planned: PlannedRequest
  readonly changes: readonly FileChange[]
  readonly notes: readonly string[]
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

const committedEarlier = async (
  slot: PlannedRequest,
  path: string,
  at: Situation,
): Promise<CommitResult> => {
  const sha = (await lastCommitOf(at.state.top, path)) ?? at.tip
  if (sha === undefined) {
    const message = `No commit was found that holds ${path}.`
    return { status: 'failed', code: 'GIT_FAILED', message }
  }
  const notes = slot.request.kind === 'op' ? notCommitted(slot, at.head, at.facts.objectFormat) : []
  return { status: 'committed', sha, earlier: true, ...(notes.length > 0 && { notes }) }
}

const judge = async (
  slot: PlannedRequest | CommitResult,
  at: Situation,
): Promise<CommitResult | Omit<Entry, 'position'>> => {
  if (isResult(slot)) return slot
  const path = slot.changes[0]?.path
  if (path !== undefined && isCommitted(slot, at.head, at.facts.objectFormat)) {
    return committedEarlier(slot, path, at)
  }
  const refused = await refuseClosed(slot, at)
  if (refused !== undefined) return refused
  const remaining = withoutIgnored(slot, at.head, at.ignored)
  return isResult(remaining) ? remaining : { planned: slot, ...remaining }
}

/** Sorts out what needs no commit of its own; `entries` is what is to be committed. */
export const sortOut = async (
  slots: readonly (PlannedRequest | CommitResult)[],
  at: Situation,
): Promise<{ results: Map<number, CommitResult>; entries: Entry[] }> => {
  const results = new Map<number, CommitResult>()
  const entries: Entry[] = []
  for (const [position, slot] of slots.entries()) {
    const verdict = await judge(slot, at)
    if (isResult(verdict)) results.set(position, verdict)
    else entries.push({ position, ...verdict })
  }
  return { results, entries }
}
