import type * as z from 'zod/mini'
import { validatorOf } from '#validator'
import { deepFreeze } from '../base/freeze.js'
import { isKnownName, type KnownEventName, type OpEvent, SHAPES } from '../events/events.js'
import { OPTIONAL_FIELDS, withoutNulls } from '../events/null-fields.js'
import type { Validator } from '../events/validator.js'
import type { ProblemCode } from './problems.js'

/** The result of reading a line: its event, or why it has none. */
export type LineReading =
  | Readonly<{ ok: true; event: OpEvent }>
  | Readonly<{ ok: false; code: ProblemCode; message: string; event?: OpEvent }>

type JsonObject = { readonly [field: string]: unknown }

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (message: string) => ({ ok: false, code: 'EVENT_INVALID', message }) as const

/** Reads the text of a line and its parsed JSON. The value of a known event itself becomes the event, frozen. */
export function readEvent(value: unknown, text: string): LineReading {
  if (!isObject(value)) return invalid('the line is JSON, but not an object')
  const name = value.event
  if (typeof name !== 'string') return invalid('event: must be text')
  if (!isKnownName(name)) return { ok: true, event: unknownEvent(name, text) }
  const nested = holdsObjects(value)
  return readKnown(name, nested ? withoutNulls(value, OPTIONAL_FIELDS[name]) : value, nested)
}

// Its text, since parsing loses repeated keys, digits of large numbers and spacing.
const unknownEvent = (name: string, text: string): OpEvent =>
  Object.freeze({ event: 'unknown', name, line: text.endsWith('\n') ? text.slice(0, -1) : text })

const FITS: Readonly<Record<KnownEventName, Validator>> = {
  started: validatorOf(SHAPES.started),
  completed: validatorOf(SHAPES.completed),
  artifact_link: validatorOf(SHAPES.artifact_link),
  commit_link: validatorOf(SHAPES.commit_link),
  note: validatorOf(SHAPES.note),
  usage: validatorOf(SHAPES.usage),
}

function readKnown(name: KnownEventName, value: object, nested: boolean): LineReading {
  // Frozen only afterwards: zod validates a frozen object more slowly.
  if (FITS[name](value)) return { ok: true, event: freezeEvent(value, nested) }
  const issues = SHAPES[name].safeParse(value).error?.issues ?? []
  const failure = invalid(issues.map(describe).join('; '))
  return name === 'started' && issues.every(isAboutStart)
    ? { ...failure, event: freezeEvent(withTextOfStart(value), nested) }
    : failure
}

const describe = (issue: z.core.$ZodIssue): string => `${issue.path.join('.')}: ${issue.message}`

// An Op with an invalid start time was still opened, and must still be closed.
const isAboutStart = (issue: z.core.$ZodIssue): boolean => issue.path[0] === 'started_at'

const withTextOfStart = (value: object): object =>
  'started_at' in value && typeof value.started_at === 'string'
    ? value
    : { ...value, started_at: '' }

/** Whether a field is `null` or an object. Most events are flat, and fast to read. */
function holdsObjects(value: JsonObject): boolean {
  for (const field in value) if (typeof value[field] === 'object') return true
  return false
}

// The parse boundary. Keeps the parsed value rather than zod's copy, which would lose a field named
// `__proto__`.
function freezeEvent(value: object, nested: boolean): OpEvent {
  if (nested) deepFreeze(value)
  return Object.freeze(value) as OpEvent
}
