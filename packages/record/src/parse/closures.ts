import type { OpId } from '../base/op-id-type.js'
import type { CompletedEvent } from '../events/wire.js'
import { readLine } from './line.js'
import type { OpRecord } from './op-record.js'
import { MAX_PROBLEMS, type Problem, problem } from './problems.js'
import { readText, stripBom } from './read-text.js'

/** The completion of an Op outside its record: who closed it is always known. */
export type Closure = CompletedEvent & Required<Pick<CompletedEvent, 'outcome' | 'closed_by'>>

/** What `op-closures.jsonl` says: how Ops ended whose records are not touched any more. */
export type OpClosures = Readonly<{
  /** The first completion of each Op, in file order. */
  closures: readonly Closure[]
  /** The problems by line, each with a stable code. These lines close no Op. */
  problems: readonly Problem[]
}>

const isClosure = (event: CompletedEvent): event is Closure =>
  event.outcome !== undefined && event.closed_by !== undefined

type Row =
  | { readonly ok: true; readonly closure: Closure }
  | { readonly ok: false; readonly problem: Problem }

function readRow(text: string, line: number): Row {
  const reading = readLine(text)
  if (!reading.ok) return { ok: false, problem: problem(line, reading.code, reading.message) }
  const { event } = reading
  if (event.event === 'completed' && isClosure(event)) return { ok: true, closure: event }
  const message = 'the line is not a completion with an outcome and closed_by'
  return { ok: false, problem: problem(line, 'EVENT_INVALID', message) }
}

/**
 * Parses `op-closures.jsonl`, which another program adds to: a `completed` event for each Op that it closes without
 * touching the record. Never throws: a line that cannot be read is a problem, and closes nothing. Of several rows for
 * one Op the first counts. {@link withClosure} applies one.
 */
export function parseOpClosures(input: string | Uint8Array): OpClosures {
  const { lines, problems } = readText(input)
  const closures = new Map<OpId, Closure>()
  for (const [index, raw] of lines.entries()) {
    const text = index === 0 ? stripBom(raw) : raw
    if (text.trim() === '') continue
    const row = readRow(text, index + 1)
    if (row.ok) {
      const { closure } = row
      if (!closures.has(closure.invocation_id)) closures.set(closure.invocation_id, closure)
    } else if (problems.length < MAX_PROBLEMS) problems.push(row.problem)
  }
  problems.sort((a, b) => a.line - b.line)
  return Object.freeze({
    closures: Object.freeze([...closures.values()]),
    problems: Object.freeze(problems),
  })
}

/**
 * Returns an open record as closed by a closure of its Op: its lines stay, and the completion becomes its last event. Any
 * other record is returned as it is, since its own completion counts.
 */
export function withClosure(record: OpRecord, closure: Closure): OpRecord {
  if (record.status !== 'open' || record.invocation_id !== closure.invocation_id) return record
  const events = Object.freeze([...record.events, closure])
  return Object.freeze({
    ...record,
    status: 'closed',
    completed: closure,
    events,
    beside: true,
  })
}
