import type { OpId } from '../base/op-id-type.js'
import type { OpEvent } from '../events/events.js'
import type { CompletedEvent, StartedEvent } from '../events/wire.js'
import { readLine } from './line.js'
import { MAX_PROBLEMS, type Problem, problem } from './problems.js'
import { readText, stripBom } from './read-text.js'
import { type Entry, type ResolvedEvents, resolveEvents } from './resolve-events.js'

/** What every record has, whatever its status. */
export type RecordContent = Readonly<{
  /** Every readable event, in file order, including those that do not count. */
  events: readonly OpEvent[]
  /** The complete text, split at `\n`; {@link formatOpRecord} joins it again. */
  lines: readonly string[]
  /** The problems by line, each with a stable code. */
  problems: readonly Problem[]
}>

/** The record of an Op that has begun and has not ended. */
export type OpenRecord = RecordContent &
  Readonly<{
    status: 'open'
    invocation_id: OpId
    /** The first valid `started` event for this Op. */
    started: StartedEvent
    completed?: never
    beside?: never
    legacy: false
  }>

/** The record of an Op that has ended: it has a valid `completed` event. */
export type ClosedRecord = RecordContent &
  Readonly<{
    status: 'closed'
    invocation_id: OpId
    /** The first valid `started` event for this Op; absent only from a damaged record (`NO_STARTED`). */
    started?: StartedEvent
    /** The first valid `completed` event for this Op. */
    completed: CompletedEvent
    /** Whether an older version closed the Op, without `closed_by`. */
    legacy: boolean
    /** True if `completed` is from `op-closures.jsonl`, and the lines are those of an open record: see {@link withClosure}. */
    beside?: true
  }>

/** A record without a valid `started` or `completed` event for this Op. */
export type UnreadableRecord = RecordContent &
  Readonly<{
    status: 'unreadable'
    /** The id in the file name if that is one, or else the id of its events. */
    invocation_id?: OpId
    started?: never
    completed?: never
    beside?: never
    legacy: false
  }>

/** The record of one Op, deeply frozen: its content and its problems. Comparing `status` narrows the type. */
export type OpRecord = OpenRecord | ClosedRecord | UnreadableRecord

/** Whether an Op is open, closed, or unreadable if its record has neither a valid `started` nor `completed` event. */
export type OpStatus = OpRecord['status']

/** What the caller knows about the text. */
export type ParseOptions = {
  /** The file name without `.jsonl`. Events for another id do not count. */
  readonly opId?: string
}

/** A record has a request text of at most 1 MiB, and some links. Anything far longer is not a record. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Parses the record of one Op. Never throws, whatever the input: damage is listed in `problems`. Bytes that are not
 * UTF-8 become U+FFFD, so a caller that needs the original bytes must keep them. A record over 64 MiB (`TOO_LARGE`;
 * `lines` is then empty) or with a thousand problems (`TOO_MUCH_DAMAGE`) is unreadable.
 */
export function parseOpRecord(input: string | Uint8Array, options: ParseOptions = {}): OpRecord {
  const isTooLarge = input.length > MAX_BYTES
  const { lines, problems } = isTooLarge ? { lines: [], problems: [tooLarge] } : readText(input)
  const entries = readEntries(lines, problems)
  const resolved = resolveEvents(entries, options.opId, problems)
  if (problems.length > 1) problems.sort((a, b) => a.line - b.line)
  return freezeRecord(resolved, entries, lines)
}

const tooLarge = problem(1, 'TOO_LARGE', 'the file is too large to be a record')

function readEntries(lines: readonly string[], problems: Problem[]): Entry[] {
  const entries: Entry[] = []
  for (const [index, raw] of lines.entries()) {
    if (problems.length >= MAX_PROBLEMS) {
      problems.push(
        problem(
          index + 1,
          'TOO_MUCH_DAMAGE',
          'the record has too many problems, so none of its events count',
        ),
      )
      return []
    }
    const text = index === 0 ? stripBom(raw) : raw
    if (text === '' || text.trim() === '') continue
    readEntry(text, index + 1, index === lines.length - 1, entries, problems)
  }
  return entries
}

function readEntry(
  text: string,
  line: number,
  unended: boolean,
  entries: Entry[],
  problems: Problem[],
): void {
  const reading = readLine(text)
  if (reading.event !== undefined) entries.push({ line, event: reading.event })
  const torn = unended && !reading.ok && reading.code === 'NOT_JSON'
  if (torn) problems.push(problem(line, 'TORN_TAIL', 'the last line is cut off'))
  else if (!reading.ok) problems.push(problem(line, reading.code, reading.message))
  if (unended && !torn) {
    problems.push(
      problem(line, 'MISSING_FINAL_NEWLINE', 'the last line does not end with a newline'),
    )
  }
}

function freezeRecord(
  { id, started, completed, problems }: ResolvedEvents,
  entries: readonly Entry[],
  lines: readonly string[],
): OpRecord {
  const content = {
    events: Object.freeze(entries.map((entry) => entry.event)),
    lines: Object.freeze(lines),
    problems: Object.freeze(problems),
  }
  if (completed !== undefined) {
    const { invocation_id } = completed
    const begun = started === undefined ? {} : { started }
    const legacy = completed.closed_by === undefined
    return Object.freeze({
      status: 'closed',
      invocation_id,
      ...begun,
      completed,
      ...content,
      legacy,
    })
  }
  if (started !== undefined) {
    const { invocation_id } = started
    return Object.freeze({ status: 'open', invocation_id, started, ...content, legacy: false })
  }
  const named = id === undefined ? {} : { invocation_id: id }
  return Object.freeze({ status: 'unreadable', ...named, ...content, legacy: false })
}

/** Returns the text that the record was parsed from, unchanged. */
export const formatOpRecord = (record: OpRecord): string => record.lines.join('\n')
