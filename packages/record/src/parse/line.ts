import { type OpEvent, SHAPES } from '../events/events.js'
import type { ProblemCode } from './problems.js'
import { type LineReading, readEvent } from './read-event.js'

/** The result of {@link parseLine}: the frozen event, or the problem with the line. */
export type ParsedLine =
  | Readonly<{ ok: true; event: OpEvent }>
  | Readonly<{ ok: false; code: ProblemCode; message: string }>

const CONFLICT_MARKER = /^(?:<{7}|\|{7}|={7}|>{7})/

/** Parses one line of a record, with or without its line feed. Never throws. */
export function parseLine(text: string): ParsedLine {
  const reading = readLine(text)
  if (reading.ok) return reading
  return { ok: false, code: reading.code, message: reading.message }
}

/** Like {@link parseLine}, but also returns an event that counts although it is not valid. */
export function readLine(text: string): LineReading {
  const value = parseJson(text)
  return value === undefined ? { ok: false, ...jsonProblem(text) } : readEvent(value, text)
}

/** Returns `undefined` if the text is not JSON; no JSON text parses to `undefined`. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function jsonProblem(text: string): { code: ProblemCode; message: string } {
  if (text.includes('\0')) return { code: 'NUL_BYTES', message: 'the line contains NUL bytes' }
  if (CONFLICT_MARKER.test(text)) {
    return { code: 'CONFLICT_MARKER', message: 'the line is a git conflict marker' }
  }
  return { code: 'NOT_JSON', message: 'the line is not JSON' }
}

/**
 * Formats an event as one line of JSON with its `\n`: known fields in the order of the format, then all others in
 * their own order. Leaves out fields that are `undefined`. An unknown event is formatted as its line was.
 */
export function formatLine(event: OpEvent): string {
  // A line feed in JSON is only whitespace, but would end the line.
  if (event.event === 'unknown') return `${event.line.replaceAll('\n', ' ')}\n`
  const known = Object.keys(SHAPES[event.event].shape)
  const values = new Map<string, unknown>(Object.entries(event))
  const order = new Set([...known.filter((field) => values.has(field)), ...values.keys()])
  // Built by hand: an object would move a field named `1` to the front.
  const fields = [...order].flatMap((field) => formatField(field, values.get(field)))
  return `{${fields.join(',')}}\n`
}

/** The fields of an event, whatever it is. */
export type EventFields = { readonly event: string; readonly [field: string]: unknown }

/** Returns the fields of an event as they are on its line, also those of an unknown event. */
export const eventFields = (event: OpEvent): EventFields =>
  event.event === 'unknown' ? JSON.parse(event.line) : event

function formatField(field: string, value: unknown): string[] {
  const json = JSON.stringify(value)
  return json === undefined ? [] : [`${JSON.stringify(field)}:${json}`]
}
