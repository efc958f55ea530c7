import type { CompletedEvent, StartedEvent } from '@kitty/record'

/** A propagated event: the start or the end of an Op. */
export type PropagatedEvent = StartedEvent | CompletedEvent

/**
 * The port that passes events to other systems.
 *
 * What an implementation can expect:
 * - an event is submitted once, after it is on disk, and is frozen;
 * - calls can overlap, and an Op's `completed` can be submitted before its `started` has settled;
 * - it cannot delay or fail the work: an error, or no answer within 30 seconds, becomes one line in
 *   `propagation-errors.jsonl`, and the event is not submitted again;
 * - the process can die at any time, so an event is delivered at most once.
 */
export interface Propagator {
  submit(event: PropagatedEvent): Promise<void>
}
