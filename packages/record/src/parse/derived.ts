import { parseTimestamp } from '../base/timestamp.js'
import { MODES_OF_WORK, type ModeOfWork, type Outcome } from '../events/vocabulary.js'
import type { StartedEvent } from '../events/wire.js'
import type { ClosedRecord, OpRecord } from './op-record.js'

/** How the Op ended: `unknown` if an older record has no outcome, `undefined` if the Op is not closed. */
export function outcomeOf(record: ClosedRecord): Outcome | 'unknown'
export function outcomeOf(record: OpRecord): Outcome | 'unknown' | undefined
export function outcomeOf({ completed }: OpRecord): Outcome | 'unknown' | undefined {
  return completed && (completed.outcome ?? 'unknown')
}

/** Why the Op ended as it did: the text of its last note, or `undefined` if it has none. */
export function reasonOf({ events }: OpRecord): string | undefined {
  const notes = events.flatMap((event) => (event.event === 'note' ? [event.text] : []))
  return notes.at(-1)
}

/**
 * Milliseconds from start to close. `undefined` while the Op is open, and if a time cannot be parsed or the close is
 * before the start.
 */
export function durationMs({ started, completed }: OpRecord): number | undefined {
  const start = started && parseTimestamp(started.started_at)
  const end = completed && parseTimestamp(completed.completed_at)
  return start === undefined || end === undefined || end < start ? undefined : end - start
}

/** Whether the record is damaged, that is, whether any of its problems is an error. */
export const hasErrors = (record: OpRecord): boolean =>
  record.problems.some((problem) => problem.severity === 'error')

/** The mode of work: `undetermined` for a value outside {@link MODES_OF_WORK}, `undefined` if it is absent. */
export function modeOfWork(started: StartedEvent): ModeOfWork | 'undetermined' | undefined {
  if (started.mode_of_work === undefined) return undefined
  return MODES_OF_WORK.find((mode) => mode === started.mode_of_work) ?? 'undetermined'
}
