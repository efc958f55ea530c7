import type { OpId } from '../base/op-id.js'
import type { CompletedEvent, OpEvent, StartedEvent } from '../events/events.js'
import { readLine } from './line.js'
import { MAX_PROBLEMS, type Problem, problem } from './problems.js'
import { readText, stripBom } from './read-text.js'
import { type Entry, type ResolvedEvents, resolveEvents } from './resolve-events.js'

/** Open, closed, or unreadable if it has no valid `started` event for this Op. */
export type OpStatus = 'open' | 'closed' | 'unreadable'

/** The record of one Op, deeply frozen: its content and its problems. */
export type OpRecord = Readonly<{
  /** The id in the file name if that is one, or else the id of its events. */
  invocation_id?: OpId
  status: OpStatus
  /** The first valid `started` event for this Op. */
  started?: StartedEvent
  /** The first valid `completed` event for this Op. */
  completed?: CompletedEvent
  /** Every readable event, in file order, including those that do not count. */
  events: readonly OpEvent[]
  /** The complete text, split at `\n`; {@link formatOpRecord} joins it again. */
  lines: readonly string[]
  /** The problems by line, each with a stable code. */
  problems: readonly Problem[]
  /** Whether the Op was closed by an older version, without `closed_by`. */
  legacy: boolean
}>

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
  const record: { -readonly [Field in keyof OpRecord]: OpRecord[Field] } = {
    status: completed ? 'closed' : started ? 'open' : 'unreadable',
    events: Object.freeze(entries.map((entry) => entry.event)),
    lines: Object.freeze(lines),
    problems: Object.freeze(problems),
    legacy: completed !== undefined && completed.closed_by === undefined,
  }
  if (id !== undefined) record.invocation_id = id
  if (started !== undefined) record.started = started
  if (completed !== undefined) record.completed = completed
  return Object.freeze(record)
}

/** Returns the text that the record was parsed from, unchanged. */
export const formatOpRecord = (record: OpRecord): string => record.lines.join('\n')
