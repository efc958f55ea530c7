import { decodeTime, monotonicFactory, type ULIDFactory } from 'ulid'
import * as z from 'zod/mini'
import { KittyError } from './errors.js'
import type { OpId } from './op-id-type.js'

/** The pattern of an id, within other text. */
export const OP_ID = '[0-7][0-9A-HJKMNP-TV-Z]{25}'
const WHOLE_ID = new RegExp(`^${OP_ID}$`)
const LATEST = 2 ** 48 - 1
const SHORT_LENGTH = 8
const MAX_QUOTED = 80

/** A ULID in upper case. */
export const UlidSchema = z.string('must be a ULID').check(z.regex(WHOLE_ID, 'must be a ULID'))

/** The id of an Op. The parse boundary: text that fits the schema is an id. */
export const OpIdSchema = UlidSchema as unknown as z.ZodMiniType<OpId, string>

/** Whether this is the id of an Op: a ULID in upper case. */
export const isOpId = (x: unknown): x is OpId => typeof x === 'string' && WHOLE_ID.test(x)

/**
 * Returns the text as the id of an Op.
 * @throws {@link KittyError} `OP_ID_INVALID` if it is not a ULID in upper case.
 */
export function parseOpId(text: string): OpId {
  if (isOpId(text)) return text
  const quoted = String(JSON.stringify(text)).slice(0, MAX_QUOTED)
  throw new KittyError('OP_ID_INVALID', `Not an Op id: ${quoted}`, {
    hint: 'Use a ULID: 26 digits or capital letters without I, L, O and U, the first from 0 to 7.',
  })
}

// Created with the first id and not on import: an edge worker must not use randomness outside a request.
let latest: { readonly at: number; readonly next: ULIDFactory } | undefined

/**
 * Creates an id for an Op that starts at `at` (milliseconds since 1970, default now). Within a process, ids sort in
 * the order of their creation, as long as `at` does not go back.
 * @throws {@link KittyError} `TIME_OUT_OF_RANGE` if a ULID cannot hold that time.
 */
export function newOpId(at: number = Date.now()): OpId {
  if (!Number.isInteger(at) || at < 1 || at > LATEST) {
    throw new KittyError('TIME_OUT_OF_RANGE', `Cannot create an id for the time ${at}.`, {
      hint: `Use whole milliseconds since 1970, from 1 to ${LATEST}.`,
    })
  }
  if (latest?.at !== at) latest = { at, next: monotonicFactory() }
  return parseOpId(latest.next(at))
}

/** The first eight characters of an id, for display. Ops that start within about a second can share them. */
export const shortOpId = (id: OpId): string => id.slice(0, SHORT_LENGTH)

/** The time encoded in an id: when its Op was opened, in milliseconds since 1970. */
export const opIdTime = (id: OpId): number => decodeTime(id)
