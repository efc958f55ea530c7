import type { CompletedEvent, StartedEvent } from '@kitty/record'

/** What is handed on: the beginning and the end of an Op. */
export type PropagatedEvent = StartedEvent | CompletedEvent

/**
 * The port through which events reach other systems.
 *
 * Guarantees to an implementation:
 * - an event is handed in once, after it is on disk; it is frozen;
 * - calls may overlap, and an Op's `completed` may be handed in before its `started` has settled.
 *
 * What an implementation may rely on, and what it must bear:
 * - it never delays or fails the work: whatever it throws, and silence for 30 seconds, becomes one line
 *   in `propagation-errors.jsonl`, and the event is not handed in again;
 * - the process may die at any time: events reach it at most once.
 */
export interface Propagator {
  submit(event: PropagatedEvent): Promise<void>
}
