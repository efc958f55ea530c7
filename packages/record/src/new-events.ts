import * as z from 'zod'
import { OpIdSchema } from './op-id.js'
import { NewTimestampSchema } from './timestamp.js'
import {
  CLOSED_BY,
  MAX_REQUEST_BYTES,
  MODES_OF_WORK,
  OUTCOMES,
  ROUTER_CONFIDENCES,
} from './vocabulary.js'

// Line separators end a line in enough programs to count as control characters here.
const ONE_LINE = /^[^\p{Cc}\u2028\u2029]*$/u

const label = (max: number) =>
  z.string().min(1).max(max).regex(ONE_LINE, 'must not hold control characters')
const name = z.string().min(1).max(200)

const fitsRequest = (text: string): boolean =>
  text.length * 3 <= MAX_REQUEST_BYTES || new TextEncoder().encode(text).length <= MAX_REQUEST_BYTES

/** What may be written as a `started` event: every field that is always written, and no other. */
export const NewStartedEventSchema = z
  .strictObject({
    event: z.literal('started'),
    invocation_id: OpIdSchema,
    profile_id: label(200),
    action: label(200),
    request_text: z.string().refine(fitsRequest, 'must be at most 1 MiB of UTF-8'),
    actor: name,
    mode_of_work: z.enum(MODES_OF_WORK),
    governance_context_hash: z.string().regex(/^(?:[0-9a-f]{16})?$/, 'must be 16 hex digits or ""'),
    governance_context_available: z.boolean(),
    router_confidence: z.exactOptional(z.enum(ROUTER_CONFIDENCES)),
    started_at: NewTimestampSchema,
    mission_id: z.exactOptional(OpIdSchema),
    wp_id: z.exactOptional(label(64)),
    model_id: z.exactOptional(name),
  })
  .refine((event) => event.request_text !== '' || event.mode_of_work === 'query', {
    path: ['request_text'],
    message: 'may be empty only for the mode query',
  })

/** What may be written as a `completed` event. */
export const NewCompletedEventSchema = z.strictObject({
  event: z.literal('completed'),
  invocation_id: OpIdSchema,
  completed_at: NewTimestampSchema,
  outcome: z.enum(OUTCOMES),
  closed_by: z.enum(CLOSED_BY),
  evidence_ref: z.exactOptional(z.string().min(1)),
})

/** What may be written as an `artifact_link` event. */
export const NewArtifactLinkSchema = z.strictObject({
  event: z.literal('artifact_link'),
  invocation_id: OpIdSchema,
  at: NewTimestampSchema,
  kind: z.string().min(1),
  ref: z.string().min(1),
})

/** What may be written as a `commit_link` event. */
export const NewCommitLinkSchema = z.strictObject({
  event: z.literal('commit_link'),
  invocation_id: OpIdSchema,
  at: NewTimestampSchema,
  sha: z.string().regex(/^[0-9a-f]{7,64}$/, 'must be 7 to 64 hex digits'),
})

/** A `started` event as it may be written. */
export type NewStartedEvent = Readonly<z.output<typeof NewStartedEventSchema>>
/** A `completed` event as it may be written. */
export type NewCompletedEvent = Readonly<z.output<typeof NewCompletedEventSchema>>
/** An `artifact_link` event as it may be written. */
export type NewArtifactLink = Readonly<z.output<typeof NewArtifactLinkSchema>>
/** A `commit_link` event as it may be written. */
export type NewCommitLink = Readonly<z.output<typeof NewCommitLinkSchema>>
