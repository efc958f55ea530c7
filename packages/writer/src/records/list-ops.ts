import { type Outcome, opIdTime, parseTimestamp } from '@kitty/record'
import { placesNewestFirst } from './list-records.js'
import { readInOrder } from './read-records.js'
import { type RecordSource, withElsewhere } from './record-source.js'
import { type OpSummary, summaryOf } from './summary.js'

export type { OpSummary } from './summary.js'

/** Which Ops to list; what is left out lets all pass. */
export type OpFilter = {
  readonly status?: 'open' | 'closed'
  /** Of closed Ops; no open Op passes. */
  readonly outcome?: Outcome | 'unknown'
  readonly profile_id?: string
  readonly actor?: string
  readonly mission_id?: string
  readonly wp_id?: string
  /** Started then or later; a date, or milliseconds since 1970. */
  readonly since?: Date | number
  /** Started then or earlier; a date, or milliseconds since 1970. */
  readonly until?: Date | number
  /** At most so many, the newest. */
  readonly limit?: number
}

const SAME = ['status', 'outcome', 'profile_id', 'actor', 'mission_id', 'wp_id'] as const

const startOf = ({ started_at, invocation_id }: OpSummary): number =>
  parseTimestamp(started_at) ?? opIdTime(invocation_id)

const passes = (op: OpSummary, filter: OpFilter): boolean => {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter
  const same = SAME.every((key) => filter[key] === undefined || filter[key] === op[key])
  const start = startOf(op)
  return same && start >= since.valueOf() && start <= until.valueOf()
}

/**
 * The Ops that pass a filter, newest first, hot and archived. Everything comes from the records
 * themselves, and never from the index, which after a merge may be wrong in any way. Records that
 * cannot be read are left out; those that only git has are asked for `elsewhere`. Throws `SYMLINK_REFUSED` when a folder is a symbolic link.
 */
export const listOps = async (
  root: string,
  filter: OpFilter = {},
  elsewhere?: RecordSource,
): Promise<readonly OpSummary[]> => {
  const { limit = Number.POSITIVE_INFINITY } = filter
  const ops: OpSummary[] = []
  if (limit <= 0) return ops
  const files = readInOrder(root, placesNewestFirst(root))
  for await (const file of withElsewhere(files, elsewhere)) {
    const op = summaryOf(file)
    if (op !== undefined && passes(op, filter)) ops.push(op)
    if (ops.length >= limit) break
  }
  return ops
}
