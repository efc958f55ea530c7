import {
  durationMs,
  type OpId,
  type Outcome,
  outcomeOf,
  reasonOf,
  type Usage,
  usageOf,
} from '@kitty/record'
import type { OpFile } from './record-file.js'

/** In UTF-16 code units. */
const MAX_LENGTH = 120

/** Half of a surrogate pair. */
const HALF_PAIR = /[\ud800-\udbff]$/

/**
 * The first non-blank line of a text, with runs of whitespace collapsed, at most 120 UTF-16 code units long; a longer
 * line ends with an ellipsis. Empty if there is no text.
 */
export const excerptOf = (text: string | undefined): string => {
  const line = /\S[^\r\n]*/.exec(text ?? '')?.[0] ?? ''
  // Only the beginning is processed: a line can be a megabyte long, and a list does this for every record.
  const collapsed = line
    .slice(0, 4 * MAX_LENGTH)
    .replaceAll(/\s+/g, ' ')
    .trimEnd()
  if (collapsed.length <= MAX_LENGTH) return collapsed
  return `${collapsed.slice(0, MAX_LENGTH - 1).replace(HALF_PAIR, '')}…`
}

/** An Op in a list, as in the JSON of `ops list`. */
export type OpSummary = {
  readonly invocation_id: OpId
  readonly status: 'open' | 'closed'
  /** Of closed Ops; `unknown` if an older record has no outcome. */
  readonly outcome?: Outcome | 'unknown'
  /** True of an open Op whose session has ended. */
  readonly left?: boolean
  readonly profile_id: string
  readonly action: string
  readonly actor?: string
  /** The beginning of the request, on one line, at most 120 characters. */
  readonly request_excerpt?: string
  readonly started_at: string
  readonly completed_at?: string
  readonly duration_ms?: number
  /** The beginning of the reason, on one line, at most 120 characters. */
  readonly reason_excerpt?: string
  readonly mission_id?: string
  readonly wp_id?: string
  /** What it used, as its closer reported it: the sum. */
  readonly usage?: Usage
  /** Relative to the root, with `/`. */
  readonly path: string
}

const ending = ({
  record,
}: OpFile): Pick<OpSummary, 'outcome' | 'completed_at' | 'duration_ms' | 'reason_excerpt'> => {
  const outcome = outcomeOf(record)
  const completed_at = record.completed?.completed_at
  const duration_ms = durationMs(record)
  const reason_excerpt = excerptOf(reasonOf(record))
  return {
    ...(outcome !== undefined && { outcome }),
    ...(completed_at !== undefined && { completed_at }),
    ...(duration_ms !== undefined && { duration_ms }),
    ...(reason_excerpt !== '' && { reason_excerpt }),
  }
}

/** Summarizes a record. Returns `undefined` if it is unreadable or has no `started` event. */
export const summaryOf = (file: OpFile): OpSummary | undefined => {
  const { started, status } = file.record
  if (started === undefined) return undefined
  const { invocation_id, profile_id, action, actor, started_at, mission_id, wp_id } = started
  const request_excerpt = excerptOf(started.request_text)
  const usage = usageOf(file.record)
  return {
    invocation_id,
    status,
    profile_id,
    action,
    ...(actor !== undefined && { actor }),
    ...(request_excerpt !== '' && { request_excerpt }),
    started_at,
    ...ending(file),
    ...(usage && { usage }),
    ...(mission_id !== undefined && { mission_id }),
    ...(wp_id !== undefined && { wp_id }),
    path: file.path,
  }
}
