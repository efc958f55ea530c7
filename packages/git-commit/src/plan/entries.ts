import type { CommitResult } from '@kitty/writer'
import { isResult } from '../git/failures.js'
import type { FileChange } from '../objects/tree-editor.js'
import { lastCommitOf } from '../repository/last-commit.js'
import { refuseClosed } from './closed-in-head.js'
import {
  isCommitted,
  notCommitted,
  type PlannedRequest,
  withoutIgnored,
} from './planned-request.js'
import type { Situation } from './repo-state.js'

/** One commit to make, and the place of its result among the results. */
export type Entry = {
  readonly position: number
  readonly planned: PlannedRequest
  readonly changes: readonly FileChange[]
  readonly notes: readonly string[]
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
