import type * as z from 'zod/mini'
import { isKnownName, type KnownEventName, type OpEvent, SHAPES } from './events.js'
import { deepFreeze } from './freeze.js'
import { OPTIONAL_FIELDS, withoutNulls } from './nulls.js'
import type { ProblemCode } from './problems.js'

/** A line, read: its event, or why it has none. */
export type LineReading =
  | Readonly<{ ok: true; event: OpEvent }>
  | Readonly<{ ok: false; code: ProblemCode; message: string; event?: OpEvent }>

type JsonObject = { readonly [field: string]: unknown }

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (message: string) => ({ ok: false, code: 'EVENT_INVALID', message }) as const

/** Reads what `JSON.parse` made of a line. The value itself becomes the event, frozen. */
export function readEvent(value: unknown): LineReading {
  if (!isObject(value)) return invalid('the line is JSON, but not an object')
  const name = value.event
  if (typeof name !== 'string') return invalid('event: must be a string')
  return isKnownName(name) ? readKnown(name, value) : { ok: true, event: asEvent(tidy(value)) }
}

function readKnown(name: KnownEventName, raw: JsonObject): LineReading {
  const value = tidy(raw, OPTIONAL_FIELDS[name])
  const result = SHAPES[name].safeParse(value)
  if (result.success) return { ok: true, event: asEvent(value) }
  const { issues } = result.error
  const failure = invalid(issues.map(describe).join('; '))
  return name === 'started' && issues.every(isUnreadableTime)
    ? { ...failure, event: asEvent(value) }
    : failure
}

// The parse boundary. The parsed value is kept and not zod's copy of it: the copy costs time, and
// loses a field that is named `__proto__`.
const asEvent = (value: object): OpEvent => value as OpEvent

const describe = (issue: z.core.$ZodIssue): string => `${issue.path.join('.')}: ${issue.message}`

// An Op whose start time is no time was still opened, and has to be closed by somebody.
const isUnreadableTime = (issue: z.core.$ZodIssue): boolean =>
  issue.path[0] === 'started_at' && issue.code === 'invalid_format'

/** Takes nulls out where they mean nothing, and freezes. Most events are flat, and quick. */
function tidy(raw: JsonObject, optional?: ReadonlySet<string>): object {
  if (!holdsObjects(raw)) return Object.freeze(raw)
  const value = optional === undefined ? raw : withoutNulls(raw, optional)
  deepFreeze(value)
  return value
}

function holdsObjects(value: JsonObject): boolean {
  for (const field in value) if (typeof value[field] === 'object') return true
  return false
}
