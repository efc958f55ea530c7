import { type Outcome, opIdTime, parseTimestamp } from '@kitty/record'
import { iterateRecords, readRecords } from './list-records.js'
import type { OpFile } from './record-file.js'
import { type OpSummary, summaryOf } from './summary.js'

/**
 * A second place for records that the disk has not, as a sparse checkout leaves it: only git knows of them, and
 * the writer never asks git.
 *
 * An implementation guarantees: it gives each record once, whole, under the path where it would lie; one that
 * is on disk too is harmless, since the disk counts; it throws nothing that a list should fail for.
 */
export interface RecordSource {
  records(): Promise<readonly OpFile[]>
}

const idOf = ({ record }: OpFile): string => record.invocation_id ?? ''

/** Records from the disk and from extraRecords, newest first; the disk's come in that order already. */
async function* mergeSources(
  onDisk: AsyncIterable<OpFile>,
  extraRecords: RecordSource | undefined,
): AsyncGenerator<OpFile> {
  const others = [...((await extraRecords?.records()) ?? [])]
  // The newest last, from where they are taken.
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
 * cannot be read are left out; those that only git has are asked for `extraRecords`. Throws `SYMLINK_REFUSED` when a folder is a symbolic link.
 */
export const listOps = async (
  root: string,
  filter: OpFilter = {},
  extraRecords?: RecordSource,
): Promise<readonly OpSummary[]> => {
  const { limit = Number.POSITIVE_INFINITY } = filter
  const ops: OpSummary[] = []
  if (limit <= 0) return ops
  const files = readRecords(root, iterateRecords(root))
  for await (const file of mergeSources(files, extraRecords)) {
    const op = summaryOf(file)
    if (op !== undefined && passes(op, filter)) ops.push(op)
    if (ops.length >= limit) break
  }
  return ops
}
