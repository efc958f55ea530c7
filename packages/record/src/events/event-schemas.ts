import * as z from 'zod/mini'
import { isKnownName, SHAPES, type UnknownEvent } from './events.js'
import { openObject, text } from './fields.js'
import { OPTIONAL_FIELDS, withoutNulls } from './null-fields.js'

const dropNulls = (optional: ReadonlySet<string>) =>
  z.transform((value: unknown): unknown =>
    typeof value === 'object' && value !== null ? withoutNulls(value, optional) : value,
  )

/** A `started` event as it is read: lenient, and `null` in an optional field counts as absent. */
export const StartedEventSchema = z.pipe(dropNulls(OPTIONAL_FIELDS.started), SHAPES.started)

/** A `completed` event as it is read, including legacy completions. */
export const CompletedEventSchema = z.pipe(dropNulls(OPTIONAL_FIELDS.completed), SHAPES.completed)

/** An `artifact_link` event as it is read. */
export const ArtifactLinkSchema = SHAPES.artifact_link

/** A `commit_link` event as it is read. */
export const CommitLinkSchema = SHAPES.commit_link

/** A `note` event as it is read. */
export const NoteSchema = SHAPES.note

/** A `usage` event as it is read; `null` in an optional field counts as absent. */
export const UsageSchema = z.pipe(dropNulls(OPTIONAL_FIELDS.usage), SHAPES.usage)

const UnknownShape = openObject({
  event: text.check(
    z.refine((name) => !isKnownName(name), 'must not be the name of a known event'),
  ),
})

const asUnknown = z.transform((value: z.output<typeof UnknownShape>, context): UnknownEvent => {
  try {
    return { event: 'unknown', name: value.event, line: JSON.stringify(value) }
  } catch {
    context.issues.push({ code: 'custom', input: value, message: 'must be JSON' })
    return z.NEVER
  }
})

/** An event with any other name, as it is on a line; becomes an `unknown` event that holds the line. */
export const UnknownEventSchema = z.pipe(UnknownShape, asUnknown)

/** Any line of a record as it is read. */
export const OpEventSchema = z.union([
  StartedEventSchema,
  CompletedEventSchema,
  ArtifactLinkSchema,
  CommitLinkSchema,
  NoteSchema,
  UsageSchema,
  UnknownEventSchema,
])
