import { isOpId } from '../base/op-id.js'
import type { OpId } from '../base/op-id-type.js'
import { isEarlier } from '../base/timestamp.js'
import type { OpEvent } from '../events/events.js'
import type { CompletedEvent, StartedEvent } from '../events/wire.js'
import { type Problem, type ProblemCode, problem } from './problems.js'

/** An event and its line number, counted from 1. */
export type Entry = { readonly line: number; readonly event: OpEvent }

/** The state of an Op according to all events of its file. */
export type ResolvedEvents = {
  readonly id: OpId | undefined
  started?: StartedEvent
  completed?: CompletedEvent
  /** The problems found so far; more are added here. */
  readonly problems: Problem[]
}

/** Decides which events count for the Op that the file is named after. */
export function resolveEvents(
  entries: readonly Entry[],
  name: string | undefined,
  problems: Problem[],
): ResolvedEvents {
  const resolved: ResolvedEvents = { id: idOf(entries, name), problems }
  if (name !== undefined && !isOpId(name)) {
    report(resolved, 1, 'ID_MISMATCH', 'the file name is not an Op id')
  }
  for (const entry of entries) resolveEvent(entry, entry === entries[0], resolved)
  if (resolved.started === undefined) {
    report(resolved, 1, 'NO_STARTED', 'no valid started event for this Op')
  }
  return resolved
}

function idOf(entries: readonly Entry[], name: string | undefined): OpId | undefined {
  if (isOpId(name)) return name
  const known = entries.flatMap(({ event }) => (event.event === 'unknown' ? [] : [event]))
  return (known.find(({ event }) => event === 'started') ?? known[0])?.invocation_id
}

const report = (
  resolved: ResolvedEvents,
  line: number,
  code: ProblemCode,
  message: string,
): void => {
  resolved.problems.push(problem(line, code, message))
}

function resolveEvent({ line, event }: Entry, first: boolean, resolved: ResolvedEvents): void {
  if (event.event === 'unknown') return
  if (event.invocation_id !== resolved.id) {
    report(resolved, line, 'ID_MISMATCH', `the event belongs to another Op, ${event.invocation_id}`)
  } else if (event.event === 'started') resolveStarted(event, line, first, resolved)
  else if (event.event === 'completed') resolveCompleted(event, line, resolved)
}

function resolveStarted(
  event: StartedEvent,
  line: number,
  first: boolean,
  resolved: ResolvedEvents,
): void {
  if (resolved.started !== undefined) {
    report(resolved, line, 'SECOND_STARTED', 'a second started event; only the first one counts')
    return
  }
  resolved.started = event
  if (resolved.completed !== undefined) {
    report(resolved, line, 'COMPLETED_BEFORE_STARTED', 'completed comes before started')
  } else if (!first) report(resolved, line, 'STARTED_NOT_FIRST', 'started is not the first event')
  if (event.mission_id !== undefined && !isOpId(event.mission_id)) {
    report(resolved, line, 'MISSION_ID_NOT_ULID', 'mission_id is not a ULID')
  }
}

function resolveCompleted(event: CompletedEvent, line: number, resolved: ResolvedEvents): void {
  if (resolved.completed !== undefined) {
    report(
      resolved,
      line,
      'SECOND_COMPLETED',
      'a second completed event; only the first one counts',
    )
    return
  }
  resolved.completed = event
  if (event.closed_by === undefined) {
    report(
      resolved,
      line,
      'LEGACY_COMPLETION',
      'a completion by an older version, without closed_by',
    )
  }
  if (
    resolved.started !== undefined &&
    isEarlier(event.completed_at, resolved.started.started_at)
  ) {
    report(resolved, line, 'TIME_REVERSED', 'completed_at is before started_at')
  }
}
