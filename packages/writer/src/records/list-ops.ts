import { type OpId, type Outcome, opIdTime, parseTimestamp } from '@kitty/record'
import { iterateRecords, readRecords } from './list-records.js'
import type { OpFile, RecordLocation } from './record-file.js'
import { type OpSummary, summaryOf } from './summary.js'
import { textMatcher } from './text-matcher.js'

/** Returns records that are not on disk, each once, complete. Those that are on disk are ignored. */
type RecordSource = () => Promise<readonly OpFile[]>

const idOf = ({ record }: OpFile): string => record.invocation_id ?? ''

/** Merges the records on disk, which are sorted newest first, with `extraRecords`, in that order. */
async function* mergeSources(
  onDisk: AsyncIterable<OpFile>,
  extraRecords: RecordSource | undefined,
): AsyncGenerator<OpFile> {
  const others = [...((await extraRecords?.()) ?? [])]
  // Sorted oldest first, and taken from the end.
  others.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  for await (const file of onDisk) {
    for (let next = others.at(-1); next && idOf(next) >= idOf(file); next = others.at(-1)) {
      others.pop()
      if (idOf(next) !== idOf(file)) yield next
    }
    yield file
  }
  yield* others.toReversed()
}

/** Which Ops to list. A missing field matches every Op. */
export type OpFilter = {
  readonly status?: 'open' | 'closed'
  /** The outcome of closed Ops; excludes open Ops. */
  readonly outcome?: Outcome | 'unknown'
  readonly profile_id?: string
  readonly actor?: string
  readonly mission_id?: string
  readonly wp_id?: string
  /** Started at this time or later; a `Date`, or milliseconds since 1970. */
  readonly since?: Date | number
  /** Started at this time or earlier; a `Date`, or milliseconds since 1970. */
  readonly until?: Date | number
  /**
   * Only Ops with this text in the request, the reason, another note, the profile, action, actor, model, mission, work
   * package, evidence, an artifact or a commit. It is not a pattern; upper and lower case are the same.
   */
  readonly text?: string
  /** Only Ops that come after this position in the list: those with a smaller id. There need not be such an Op. */
  readonly after?: OpId
  /** At most this many Ops, the newest. */
  readonly limit?: number
}

const SAME = ['status', 'outcome', 'profile_id', 'actor', 'mission_id', 'wp_id'] as const

const startOf = ({ started_at, invocation_id }: OpSummary): number =>
  parseTimestamp(started_at) ?? opIdTime(invocation_id)

/** Whether an Op matches the fields of a filter, other than its position, limit and text. */
export const passesFilter = (op: OpSummary, filter: OpFilter): boolean => {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter
  const same = SAME.every((key) => filter[key] === undefined || filter[key] === op[key])
  const start = startOf(op)
  return same && start >= since.valueOf() && start <= until.valueOf()
}

/** The places of the records that come after a position. The others need not be read. */
async function* placesAfter(
  places: AsyncIterable<RecordLocation>,
  after: OpId | undefined,
): AsyncGenerator<RecordLocation> {
  for await (const place of places) {
    if (after === undefined || place.id < after) yield place
  }
}

/**
 * Lists the Ops that match a filter, hot and archived, newest first, by their ids. Reads the records themselves and
 * never the index, which may be wrong after a merge. Skips unreadable records; `extraRecords` adds those that only git
 * has. Throws `SYMLINK_REFUSED` if a folder is a symbolic link.
 */
export const listOps = async (
  root: string,
  filter: OpFilter = {},
  extraRecords?: RecordSource,
): Promise<readonly OpSummary[]> => {
  const { limit = Number.POSITIVE_INFINITY, after, text } = filter
  const hasText = text === undefined ? () => true : textMatcher(text)
  const ops: OpSummary[] = []
  if (limit <= 0) return ops
  const files = readRecords(root, placesAfter(iterateRecords(root), after))
  for await (const file of mergeSources(files, extraRecords)) {
    const op = after === undefined || idOf(file) < after ? summaryOf(file) : undefined
    if (op !== undefined && passesFilter(op, filter) && hasText(file.record)) ops.push(op)
    if (ops.length >= limit) break
  }
  return ops
}
