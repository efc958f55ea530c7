import type * as z from 'zod/mini'
import { type KnownEventName, SHAPES } from './events.js'

const optionalFields = (shape: z.core.$ZodShape): ReadonlySet<string> =>
  new Set(Object.keys(shape).filter((field) => shape[field]?._zod.optin === 'optional'))

/** The optional fields of each event. Only in these does `null` count as absent. */
export const OPTIONAL_FIELDS: Readonly<Record<KnownEventName, ReadonlySet<string>>> = {
  started: optionalFields(SHAPES.started.shape),
  completed: optionalFields(SHAPES.completed.shape),
  artifact_link: optionalFields(SHAPES.artifact_link.shape),
  commit_link: optionalFields(SHAPES.commit_link.shape),
  note: optionalFields(SHAPES.note.shape),
  usage: optionalFields(SHAPES.usage.shape),
}

/** Copies an event without the known optional fields that are `null`; everything else is unchanged. */
export function withoutNulls(value: object, optional: ReadonlySet<string>): object {
  const kept = Object.entries(value).filter(([key, item]) => item !== null || !optional.has(key))
  return Object.fromEntries(kept)
}
