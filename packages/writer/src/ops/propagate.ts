import { setTimeout as sleep } from 'node:timers/promises'
import { formatTimestamp } from '@kitty/record'
import { redactSecrets } from '../content/redact.js'
import type { PropagatedEvent, Propagator } from '../ports/propagator.js'
import { PROPAGATION_ERRORS_PATH } from '../project/paths.js'
import { appendLogLine } from '../records/log-file.js'

/** How long a propagator can take for one event, in milliseconds. */
const PROPAGATION_TIMEOUT_MS = 30_000

/** The parts of a store that propagation uses. */
export type PropagationContext = {
  readonly root: string
  readonly propagator: Propagator | undefined
  /** What is redacted beside the known kinds of secrets. */
  readonly redactPatterns: readonly RegExp[]
  readonly clock: () => Date
  /** The propagations in progress; each removes itself when it settles. */
  readonly propagations: Set<Promise<void>>
}

const ERROR_LENGTH = 1000

const errorText = async (error: unknown, patterns: readonly RegExp[]): Promise<string> => {
  const message = error instanceof Error ? error.message : String(error)
  const { text } = await redactSecrets(message, patterns)
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, ERROR_LENGTH)
}

const noteFailure = async (
  { root, redactPatterns, clock }: PropagationContext,
  { invocation_id, event }: PropagatedEvent,
  error: unknown,
): Promise<void> => {
  const text = await errorText(error, redactPatterns)
  const line = { invocation_id, event, error: text, at: formatTimestamp(clock()) }
  await appendLogLine(root, PROPAGATION_ERRORS_PATH, `${JSON.stringify(line)}\n`, 'process')
}

const orTimeout = async (submitted: Promise<void>, timeoutMs: number): Promise<void> => {
  const settled = new AbortController()
  const timeout = sleep(timeoutMs, undefined, { signal: settled.signal }).then(() => {
    throw new Error(`No answer within ${timeoutMs / 1000} seconds`)
  })
  await Promise.race([submitted, timeout]).finally(() => settled.abort())
}

const submitEvent = async (
  context: PropagationContext,
  propagator: Propagator,
  event: PropagatedEvent,
  timeoutMs: number,
): Promise<void> => {
  try {
    // Called asynchronously, so that the synchronous part of a propagator does not delay the work.
    await orTimeout(
      Promise.resolve().then(() => propagator.submit(event)),
      timeoutMs,
    )
  } catch (error) {
    // A failure that cannot be logged is dropped: propagation must never fail the work.
    await noteFailure(context, event, error).catch(() => undefined)
  }
}

/** Submits an event in the background. Never throws. Adds a promise that never rejects to `context.propagations`. */
export const propagateInBackground = (
  context: PropagationContext,
  event: PropagatedEvent,
  timeoutMs: number = PROPAGATION_TIMEOUT_MS,
): void => {
  if (context.propagator === undefined) return
  const propagation = submitEvent(context, context.propagator, event, timeoutMs).finally(() => {
    context.propagations.delete(propagation)
  })
  context.propagations.add(propagation)
}
