import { isKnownName, type OpEvent, SHAPES } from '../events/events.js'
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
  const value = parseJson(text)
  return value === undefined ? { ok: false, ...jsonProblem(text) } : readEvent(value)
}

/** `undefined` where the text is no JSON; no JSON means that. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function jsonProblem(text: string): { code: ProblemCode; message: string } {
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
  const values = new Map<string, unknown>(Object.entries(event))
  const order = new Set([...known.filter((field) => values.has(field)), ...values.keys()])
  // Put together by hand: an object would move a field named `1` to the front.
  const fields = [...order].flatMap((field) => formatField(field, values.get(field)))
  return `{${fields.join(',')}}\n`
}

function formatField(field: string, value: unknown): string[] {
  const json = JSON.stringify(value)
  return json === undefined ? [] : [`${JSON.stringify(field)}:${json}`]
}
