import { durationMs, type OpId, type Outcome, outcomeOf, reasonOf } from '@kitty/record'
import type { OpFile } from './record-file.js'

/** In UTF-16 code units. */
const LONGEST = 120

/** Half of a character that takes two code units. */
const ELLIPSIS = /[\ud800-\udbff]$/

/**
 * The first line of a text that says something, its spaces evened out, at most 120 UTF-16 code units
 * long; a longer one ends in an ellipsis. Empty where there is no text.
 */
const excerptOf = (text: string | undefined): string => {
  const line = /\S[^\r\n]*/.exec(text ?? '')?.[0] ?? ''
  // A line may be a megabyte long, and a list asks this of every record.
  const even = line
    .slice(0, 4 * LONGEST)
    .replaceAll(/\s+/g, ' ')
    .trimEnd()
  if (even.length <= LONGEST) return even
  return `${even.slice(0, LONGEST - 1).replace(ELLIPSIS, '')}…`
}

/** An Op in a list, as in the JSON of `ops list`. */
export type OpSummary = {
  readonly invocation_id: OpId
  readonly status: 'open' | 'closed'
  /** Of closed Ops; `unknown` where an older record does not say. */
  readonly outcome?: Outcome | 'unknown'
  /** True of an open Op whose session has ended. */
  readonly left?: true
  readonly profile_id: string
  readonly action: string
  readonly actor?: string
  /** The beginning of what was asked, on one line; see `excerptOf`. */
  readonly request_excerpt?: string
  readonly started_at: string
  readonly completed_at?: string
  readonly duration_ms?: number
  /** The beginning of why it ended so, on one line; see `excerptOf`. */
  readonly reason_excerpt?: string
  readonly mission_id?: string
  readonly wp_id?: string
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

/** The summary of a record; `undefined` for one that cannot be read, or that does not say what it was. */
export const summaryOf = (file: OpFile): OpSummary | undefined => {
  const { started, status } = file.record
  if (started === undefined || status === 'unreadable') return undefined
  const { invocation_id, profile_id, action, actor, started_at, mission_id, wp_id } = started
  const request_excerpt = excerptOf(started.request_text)
  return {
    invocation_id,
    status,
    profile_id,
    action,
    ...(actor !== undefined && { actor }),
    ...(request_excerpt !== '' && { request_excerpt }),
    started_at,
    ...ending(file),
    ...(mission_id !== undefined && { mission_id }),
    ...(wp_id !== undefined && { wp_id }),
    path: file.path,
  }
}
