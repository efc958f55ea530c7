import { isKnownName, type OpEvent, SHAPES } from './events.js'
import type { ProblemCode } from './problems.js'
import { type LineReading, readEvent } from './read-event.js'

/** What {@link parseLine} answers: the frozen event, or the problem with the line. */
export type ParsedLine =
  | Readonly<{ ok: true; event: OpEvent }>
  | Readonly<{ ok: false; code: ProblemCode; message: string }>

const CONFLICT_MARKER = /^(?:<{7}|\|{7}|={7}|>{7})/

/** Reads one line of a record, with or without its line ending. Never throws. */
export function parseLine(text: string): ParsedLine {
  const reading = readLine(text)
  if (reading.ok) return reading
  return { ok: false, code: reading.code, message: reading.message }
}

/** Like {@link parseLine}, and also hands out an event that counts although it is not valid. */
export function readLine(text: string): LineReading {
  try {
    return readEvent(JSON.parse(text))
  } catch {
    return { ok: false, ...whyNotJson(text) }
  }
}

function whyNotJson(text: string): { code: ProblemCode; message: string } {
  if (text.includes('\0')) return { code: 'NUL_BYTES', message: 'the line holds NUL bytes' }
  if (CONFLICT_MARKER.test(text)) {
    return { code: 'CONFLICT_MARKER', message: 'a conflict marker of git stands here' }
  }
  return { code: 'NOT_JSON', message: 'the line is not JSON' }
}

/**
 * One event as one line of JSON with its `\n`: known fields in the contract's order, then all
 * others in the order they have. Fields that are `undefined` are left out.
 */
export function formatLine(event: OpEvent): string {
  const known = isKnownName(event.event) ? Object.keys(SHAPES[event.event].shape) : ['event']
  const first = known.filter((field) => Object.hasOwn(event, field))
  const others = Object.keys(event).filter((field) => !known.includes(field))
  return `{${[...first, ...others].flatMap((field) => formatField(event, field)).join(',')}}\n`
}

// Put together by hand: an object would move a field named `1` to the front, and lose `__proto__`.
function formatField(event: OpEvent, field: string): string[] {
  const value = JSON.stringify(new Map(Object.entries(event)).get(field))
  return value === undefined ? [] : [`${JSON.stringify(field)}:${value}`]
}
