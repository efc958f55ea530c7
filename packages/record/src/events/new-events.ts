import * as z from 'zod/mini'
import { OpIdSchema, UlidSchema } from '../base/op-id.js'
import { NewTimestampSchema } from '../base/timestamp.js'
import {
  closedObject,
  eventName,
  filledText,
  flag,
  labelUpTo,
  number,
  oneOf,
  optional,
  text,
  textUpTo,
} from './fields.js'
import {
  CLOSED_BY,
  MAX_NOTE_BYTES,
  MAX_REQUEST_BYTES,
  MODES_OF_WORK,
  OUTCOMES,
  ROUTER_CONFIDENCES,
} from './vocabulary.js'

/** Whether text fits in this many bytes of UTF-8. A UTF-16 code unit takes at most three, so short text passes at once. */
const fitsIn =
  (bytes: number) =>
  (written: string): boolean =>
    written.length * 3 <= bytes || new TextEncoder().encode(written).length <= bytes

/** A `started` event that can be written: strict, and with every field that is always written. */
export const NewStartedEventSchema = closedObject({
  event: eventName('started'),
  invocation_id: OpIdSchema,
  profile_id: labelUpTo(200),
  action: labelUpTo(200),
  request_text: text.check(z.refine(fitsIn(MAX_REQUEST_BYTES), 'must be at most 1 MiB of UTF-8')),
  actor: textUpTo(200),
  mode_of_work: oneOf(MODES_OF_WORK),
  governance_context_hash: text.check(
    z.regex(/^(?:[0-9a-f]{16})?$/, 'must be 16 hex digits, or empty'),
  ),
  governance_context_available: flag,
  router_confidence: optional(oneOf(ROUTER_CONFIDENCES)),
  started_at: NewTimestampSchema,
  mission_id: optional(UlidSchema),
  wp_id: optional(labelUpTo(64)),
  model_id: optional(textUpTo(200)),
}).check(
  z.refine((event) => event.request_text !== '' || event.mode_of_work === 'query', {
    path: ['request_text'],
    error: 'can be empty only in mode query',
  }),
  z.refine((event) => event.request_text === '' || event.request_text.trim() !== '', {
    path: ['request_text'],
    error: 'must not be only whitespace',
  }),
)

/** A `completed` event that can be written. */
export const NewCompletedEventSchema = closedObject({
  event: eventName('completed'),
  invocation_id: OpIdSchema,
  completed_at: NewTimestampSchema,
  outcome: oneOf(OUTCOMES),
  closed_by: oneOf(CLOSED_BY),
  evidence_ref: optional(filledText),
})

/** An `artifact_link` event that can be written. */
export const NewArtifactLinkSchema = closedObject({
  event: eventName('artifact_link'),
  invocation_id: OpIdSchema,
  at: NewTimestampSchema,
  kind: filledText,
  ref: filledText,
})

/** A `commit_link` event that can be written. */
export const NewCommitLinkSchema = closedObject({
  event: eventName('commit_link'),
  invocation_id: OpIdSchema,
  at: NewTimestampSchema,
  sha: text.check(z.regex(/^[0-9a-f]{7,64}$/, 'must be 7 to 64 lowercase hex digits')),
})

/** A `note` event that can be written. */
export const NewNoteSchema = closedObject({
  event: eventName('note'),
  invocation_id: OpIdSchema,
  at: NewTimestampSchema,
  text: text.check(
    z.regex(/\S/, 'must not be empty'),
    z.refine(fitsIn(MAX_NOTE_BYTES), 'must be at most 16 KiB of UTF-8'),
  ),
})

const NOT_NEGATIVE = z.minimum(0, 'must not be negative')
/** A number that is not negative. */
const amount = number.check(NOT_NEGATIVE)
/** A whole number that is not negative. */
const count = z.int('must be a whole number').check(NOT_NEGATIVE)

const USED = ['model', 'input_tokens', 'output_tokens', 'cost_usd', 'duration_ms'] as const

/** A `usage` event that can be written; it says at least one thing. */
export const NewUsageSchema = closedObject({
  event: eventName('usage'),
  invocation_id: OpIdSchema,
  at: NewTimestampSchema,
  model: optional(labelUpTo(200)),
  input_tokens: optional(count),
  output_tokens: optional(count),
  cost_usd: optional(amount),
  duration_ms: optional(count),
}).check(
  z.refine((event) => USED.some((field) => event[field] !== undefined), {
    error: `must have at least one of ${USED.join(', ')}`,
  }),
)
