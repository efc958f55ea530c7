import * as z from 'zod/mini'
import { OpIdSchema } from '../base/op-id.js'
import { TimestampSchema } from '../base/timestamp.js'
import { filledText, oneOf, optional, text } from '../events/fields.js'
import { OUTCOMES } from '../events/vocabulary.js'
import type { IndexRow } from '../events/wire.js'
import { outcomeOf } from '../parse/derived.js'
import type { OpRecord } from '../parse/op-record.js'

/** A row of the index of closed Ops. */
export const IndexRowSchema = z.object({
  invocation_id: OpIdSchema,
  profile_id: filledText,
  action: filledText,
  started_at: TimestampSchema,
  completed_at: TimestampSchema,
  outcome: oneOf([...OUTCOMES, 'unknown']),
  mission_id: optional(text),
  wp_id: optional(text),
})

/** A row that the Python spec-kitty adds when an Op is opened. */
const IndexStartSchema = z.object({
  invocation_id: OpIdSchema,
  profile_id: filledText,
  started_at: TimestampSchema,
})

/** Builds the row of a record. Returns `undefined` if it is not closed or lacks a field of the row. */
export function indexRowOf(record: OpRecord): IndexRow | undefined {
  if (record.status !== 'closed') return undefined
  const row = {
    ...record.started,
    invocation_id: record.invocation_id,
    completed_at: record.completed.completed_at,
    outcome: outcomeOf(record),
  }
  return readRow(row)
}

/** Formats a row as one line of JSON with its `\n`. */
export const formatIndexRow = (row: IndexRow): string =>
  `${JSON.stringify(IndexRowSchema.parse(row))}\n`

/** Parses the row on a line. Returns `undefined` if there is none. Never throws: the index is a cache. */
export function parseIndexRow(line: string): IndexRow | undefined {
  try {
    return readRow(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** Whether a line is a row that the Python spec-kitty adds when an Op is opened. Never throws. */
export function isIndexStartRow(line: string): boolean {
  try {
    return IndexStartSchema.safeParse(JSON.parse(line)).success
  } catch {
    return false
  }
}

function readRow(value: unknown): IndexRow | undefined {
  const result = IndexRowSchema.safeParse(value)
  return result.success ? Object.freeze(result.data) : undefined
}
