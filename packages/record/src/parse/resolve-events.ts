import { isOpId, type OpId } from '../base/op-id.js'
import { isEarlier } from '../base/timestamp.js'
import {
  type CompletedEvent,
  isEvent,
  isKnown,
  type OpEvent,
  type StartedEvent,
} from '../events/events.js'
import { type Problem, type ProblemCode, problem } from './problems.js'

/** An event and the line it stands on, counted from 1. */
export type Entry = { readonly line: number; readonly event: OpEvent }

/** What the events of a file say together. */
export type Verdict = {
  readonly id: OpId | undefined
  started?: StartedEvent
  completed?: CompletedEvent
  /** What is wrong with the file so far; more is added here. */
  readonly problems: Problem[]
}

/** Decides which events count, for the Op that the file is named after. */
export function judgeEvents(
  entries: readonly Entry[],
  name: string | undefined,
  problems: Problem[],
): Verdict {
  const verdict: Verdict = { id: idOf(entries, name), problems }
  if (name !== undefined && !isOpId(name)) {
    report(verdict, 1, 'ID_MISMATCH', 'the file is not named after an Op')
  }
  for (const entry of entries) judge(entry, entry === entries[0], verdict)
  if (verdict.started === undefined) {
    report(verdict, 1, 'NO_STARTED', 'no valid started event for this Op')
  }
  return verdict
}

function idOf(entries: readonly Entry[], name: string | undefined): OpId | undefined {
  if (isOpId(name)) return name
  const known = entries.map((entry) => entry.event).filter(isKnown)
  return (known.find((event) => isEvent(event, 'started')) ?? known[0])?.invocation_id
}

const report = (verdict: Verdict, line: number, code: ProblemCode, message: string): void => {
  verdict.problems.push(problem(line, code, message))
}

function judge({ line, event }: Entry, first: boolean, verdict: Verdict): void {
  if (!isKnown(event)) return
  if (event.invocation_id !== verdict.id) {
    report(verdict, line, 'ID_MISMATCH', `the event is about another Op, ${event.invocation_id}`)
  } else if (isEvent(event, 'started')) judgeStarted(event, line, first, verdict)
  else if (isEvent(event, 'completed')) judgeCompleted(event, line, verdict)
}

function judgeStarted(event: StartedEvent, line: number, first: boolean, verdict: Verdict): void {
  if (verdict.started !== undefined) {
    report(verdict, line, 'SECOND_STARTED', 'a second started event; the first one stands')
    return
  }
  verdict.started = event
  if (verdict.completed !== undefined) {
    report(verdict, line, 'COMPLETED_BEFORE_STARTED', 'completed stands before started')
  } else if (!first) report(verdict, line, 'STARTED_NOT_FIRST', 'started is not the first event')
  if (event.mission_id !== undefined && !isOpId(event.mission_id)) {
    report(verdict, line, 'MISSION_ID_NOT_ULID', 'mission_id is not a ULID')
  }
}

function judgeCompleted(event: CompletedEvent, line: number, verdict: Verdict): void {
  if (verdict.completed !== undefined) {
    report(verdict, line, 'SECOND_COMPLETED', 'a second completed event; the first one stands')
    return
  }
  verdict.completed = event
  if (event.closed_by === undefined) {
    report(verdict, line, 'LEGACY_COMPLETION', 'an older completion, without closed_by')
  }
  if (verdict.started !== undefined && isEarlier(event.completed_at, verdict.started.started_at)) {
    report(verdict, line, 'TIME_REVERSED', 'completed_at is before started_at')
  }
}
