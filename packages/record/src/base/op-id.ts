import { decodeTime, monotonicFactory, type ULIDFactory } from 'ulid'
import * as z from 'zod/mini'
import { KittyError } from './errors.js'

const OP_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const LATEST = 2 ** 48 - 1
const SHORT_LENGTH = 8

/** The id of an Op: a ULID in upper case, 26 characters of Crockford's base 32. */
export const OpIdSchema = z.string('must be a ULID').check(z.regex(OP_ID, 'must be a ULID'))

/** The id of an Op, as {@link OpIdSchema} accepts it. */
export type OpId = z.output<typeof OpIdSchema>

/** Whether this is the id of an Op: a ULID in upper case. */
export const isOpId = (x: unknown): x is OpId => typeof x === 'string' && OP_ID.test(x)

// Made at the first id, not at import: an edge worker may not ask for randomness before a request.
let latest: { readonly at: number; readonly next: ULIDFactory } | undefined

/**
 * A new id for an Op that starts at `at` (milliseconds since 1970, default now). Within a process, ids that
 * are made for one millisecond after another, as a clock does, sort as they were made.
 * @throws {@link KittyError} `TIME_OUT_OF_RANGE` when a ULID cannot hold that time.
 */
export function newOpId(at: number = Date.now()): OpId {
  if (!Number.isInteger(at) || at < 1 || at > LATEST) {
    throw new KittyError('TIME_OUT_OF_RANGE', `No id can be made for the time ${at}.`, {
      hint: 'Give whole milliseconds since 1970, at least 1.',
    })
  }
  if (latest?.at !== at) latest = { at, next: monotonicFactory() }
  return latest.next(at)
}

/** The first eight characters of an id, for people; Ops within about a second share them. */
export const shortOpId = (id: OpId): string => id.slice(0, SHORT_LENGTH)

/**
 * When the Op with this id was opened, in milliseconds since 1970, as its id has it.
 * @throws {@link KittyError} `OP_ID_INVALID` when it is not the id of an Op.
 */
export function opIdTime(id: OpId): number {
  if (isOpId(id)) return decodeTime(id)
  throw new KittyError('OP_ID_INVALID', `Not the id of an Op: ${JSON.stringify(id)}.`, {
    hint: 'An id is a ULID: 26 digits and capital letters.',
  })
}
