import {
  CLOSED_BY,
  type ClosedBy,
  MAX_NOTE_BYTES,
  type NewUsage,
  OUTCOMES,
  type Outcome,
} from '@kitty/record'
import * as z from 'zod/mini'
import { firstIssue, usageError } from './errors.js'

/** What an Op used: a model, tokens, a cost, the time of the model; at least one of them. */
export type UsageReport = Omit<NewUsage, 'event' | 'invocation_id' | 'at'>

/** How an Op is closed. */
export type Closing = {
  readonly outcome: Outcome
  /** Default `agent`. */
  readonly closed_by?: ClosedBy | undefined
  /**
   * A file below the root, which is copied and committed with the Op; a URL, which is only recorded; or the content of a
   * file and its name, for evidence that is in no file of the project.
   */
  readonly evidence?: string | { readonly name: string; readonly bytes: Uint8Array } | undefined
  /** What the Op made: paths or URLs, of kind `file` unless another is given. */
  readonly artifacts?:
    | readonly (string | { readonly kind: string; readonly ref: string })[]
    | undefined
  /** Commits the Op made, 7 to 64 hex digits each. */
  readonly commits?: readonly string[] | undefined
  /**
   * Link the commits of work that HEAD has gained since the Op was opened, the newest 50: along first parents, and of
   * what a merge brought those that were made in this work tree. Overrides the store's setting. A repeated close ignores it.
   */
  readonly link_commits?: boolean | undefined
  /** Why the Op ended with this outcome; at most 16 KiB of UTF-8. Secrets are replaced, as in the request. */
  readonly reason?: string | undefined
  /** What the Op used, as the caller measured it; several reports add up. Nothing is recorded unless it is given. */
  readonly usage?: UsageReport | readonly UsageReport[] | undefined
  /** False keeps secrets in evidence, links and reason. Overrides the store's setting. */
  readonly redact?: boolean | undefined
}

const Text = z.string('must be text')
// An empty reference would be the root itself: in a script, a variable that is not set.
const Reference = Text.check(z.regex(/\S/, 'must not be empty'))
const Artifact = z.union(
  [Reference, z.object({ kind: Text, ref: Reference })],
  'must be text, or an object with the text fields kind and ref',
)

const Evidence = z.union(
  [Text, z.object({ name: Text, bytes: z.instanceof(Uint8Array) })],
  'must be text, or an object with a name and bytes',
)

const OBJECTS = 'must be an object, or a list of objects'
/** The schema of the event checks the fields. */
const Report = z.custom<UsageReport>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  OBJECTS,
)

const ClosingSchema: z.ZodMiniType<Closing> = z.object(
  {
    outcome: z.enum(OUTCOMES, `must be one of ${OUTCOMES.join(', ')}`),
    closed_by: z.optional(z.enum(CLOSED_BY, `must be one of ${CLOSED_BY.join(', ')}`)),
    evidence: z.optional(Evidence),
    artifacts: z.optional(z.array(Artifact, 'must be a list')),
    commits: z.optional(z.array(Text, 'must be a list')),
    reason: z.optional(
      Text.check(
        z.regex(/\S/, 'must not be empty'),
        z.refine((text) => Buffer.byteLength(text) <= MAX_NOTE_BYTES, {
          error: 'must be at most 16 KiB of UTF-8; pass longer text as evidence',
        }),
      ),
    ),
    usage: z.optional(z.union([z.array(Report), Report], OBJECTS)),
    link_commits: z.optional(z.boolean('must be true or false')),
    redact: z.optional(z.boolean('must be true or false')),
  },
  'must be an object with an outcome',
)

/** The error for a close with a value that a record cannot hold. */
export const invalidClosing = (...issue: Parameters<typeof firstIssue>): Error =>
  usageError(
    'CLOSING_INVALID',
    `The Op cannot be closed: ${firstIssue(...issue)}`,
    'Correct the value, then close the Op again. Nothing was written.',
  )

/** Validates what a caller passes. Throws `CLOSING_INVALID`. */
export const checkClosing = (given: unknown): Closing => {
  const parsed = ClosingSchema.safeParse(given)
  if (!parsed.success) throw invalidClosing(parsed.error, 'closing')
  return parsed.data
}
