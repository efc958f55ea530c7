import * as z from 'zod/mini'
import { OpIdSchema } from '../base/op-id.js'
import { TimestampSchema } from '../base/timestamp.js'
import { eventName, filledText, flag, number, oneOf, openObject, optional, text } from './fields.js'
import { CLOSED_BY, OUTCOMES } from './vocabulary.js'
import type {
  ArtifactLinkEvent,
  CommitLinkEvent,
  CompletedEvent,
  NoteEvent,
  StartedEvent,
  UsageEvent,
} from './wire.js'

// Events as they are read, once nulls are dropped. Fields are in the order in which they are written.

const StartedShape = openObject({
  event: eventName('started'),
  invocation_id: OpIdSchema,
  profile_id: filledText,
  action: filledText,
  request_text: optional(text),
  actor: optional(text),
  // Any value is allowed: one that is not in the vocabulary is undetermined, which is not an error.
  mode_of_work: optional(z.unknown()),
  governance_context_hash: optional(text),
  governance_context_available: optional(flag),
  router_confidence: optional(text),
  started_at: TimestampSchema,
  mission_id: optional(text),
  wp_id: optional(text),
  model_id: optional(text),
})

// Without `closed_by`, it is a legacy completion.
const CompletedShape = openObject({
  event: eventName('completed'),
  invocation_id: OpIdSchema,
  completed_at: TimestampSchema,
  outcome: optional(oneOf(OUTCOMES)),
  closed_by: optional(oneOf(CLOSED_BY)),
  evidence_ref: optional(text),
}).check(
  z.refine((event) => event.closed_by === undefined || event.outcome !== undefined, {
    path: ['outcome'],
    error: 'is required if closed_by is present',
  }),
)

const ArtifactLinkShape = openObject({
  event: eventName('artifact_link'),
  invocation_id: OpIdSchema,
  at: TimestampSchema,
  kind: filledText,
  ref: filledText,
})

const CommitLinkShape = openObject({
  event: eventName('commit_link'),
  invocation_id: OpIdSchema,
  at: TimestampSchema,
  sha: text.check(z.regex(/^[0-9a-fA-F]{7,64}$/, 'must be 7 to 64 hex digits')),
})

const NoteShape = openObject({
  event: eventName('note'),
  invocation_id: OpIdSchema,
  at: TimestampSchema,
  text,
})

const UsageShape = openObject({
  event: eventName('usage'),
  invocation_id: OpIdSchema,
  at: TimestampSchema,
  model: optional(text),
  input_tokens: optional(number),
  output_tokens: optional(number),
  cost_usd: optional(number),
  duration_ms: optional(number),
})

/** An event whose name this version does not know; kept unchanged. */
export type UnknownEvent = Readonly<{
  event: 'unknown'
  /** The name of the event on its line. */
  name: string
  /** The exact text of the line, without its line feed: one JSON object. */
  line: string
}>

/** The event on any line of a record. Comparing `event` with a name narrows the type. */
export type OpEvent =
  | StartedEvent
  | CompletedEvent
  | ArtifactLinkEvent
  | CommitLinkEvent
  | NoteEvent
  | UsageEvent
  | UnknownEvent
/** The name of an event that this version knows. */
export type KnownEventName = Exclude<OpEvent, UnknownEvent>['event']

/** The shape of each event that this version knows, by its name. */
export const SHAPES = {
  started: StartedShape,
  completed: CompletedShape,
  artifact_link: ArtifactLinkShape,
  commit_link: CommitLinkShape,
  note: NoteShape,
  usage: UsageShape,
} as const

/** Whether this version knows events with that name. */
export const isKnownName = (name: string): name is KnownEventName => Object.hasOwn(SHAPES, name)
