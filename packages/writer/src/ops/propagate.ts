import { setTimeout as sleep } from 'node:timers/promises'
import { formatTimestamp } from '@kitty/record'
import { redactSecrets } from '../content/redact.js'
import type { PropagatedEvent, Propagator } from '../ports/propagator.js'
import { PROPAGATION_ERRORS_PATH } from '../project/paths.js'
import { appendLogLine } from '../records/log-file.js'

/** How long a propagator may take for an event, in milliseconds. */
const PROPAGATION_TIMEOUT_MS = 30_000

/** What handing on needs; an open store of Ops has it. */
export type PropagationContext = {
  readonly root: string
  readonly propagator: Propagator | undefined
  readonly clock: () => Date
  /** The propagations under way; each takes itself out. */
  readonly propagations: Set<Promise<void>>
}

const ERROR_LENGTH = 1000

const errorText = async (error: unknown): Promise<string> => {
  const { text } = await redactSecrets(error instanceof Error ? error.message : String(error))
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, ERROR_LENGTH)
}

const noteFailure = async (
  { root, clock }: PropagationContext,
  { invocation_id, event }: PropagatedEvent,
  error: unknown,
): Promise<void> => {
  const line = { invocation_id, event, error: await errorText(error), at: formatTimestamp(clock()) }
  await appendLogLine(root, PROPAGATION_ERRORS_PATH, `${JSON.stringify(line)}\n`, 'process')
}

const orTimeout = async (submitted: Promise<void>, timeoutMs: number): Promise<void> => {
  const settled = new AbortController()
  const timeout = sleep(timeoutMs, undefined, { signal: settled.signal }).then(() => {
    throw new Error(`No answer within ${timeoutMs / 1000} seconds`)
  })
  await Promise.race([submitted, timeout]).finally(() => settled.abort())
}

const handOn = async (
  context: PropagationContext,
  propagator: Propagator,
  event: PropagatedEvent,
  timeoutMs: number,
): Promise<void> => {
  try {
    // Not in the caller's turn: what a propagator does before its first wait would delay the work.
    await orTimeout(
      Promise.resolve().then(() => propagator.submit(event)),
      timeoutMs,
    )
  } catch (error) {
    // There is no better place to complain to, and nothing may fail because of this.
    await noteFailure(context, event, error).catch(() => undefined)
  }
}

/** Hands an event on beside the work. Never throws; `context.propagations` holds the promise, which never rejects. */
export const propagateInBackground = (
  context: PropagationContext,
  event: PropagatedEvent,
  timeoutMs: number = PROPAGATION_TIMEOUT_MS,
): void => {
  if (context.propagator === undefined) return
  const under = handOn(context, context.propagator, event, timeoutMs).finally(() => {
    context.propagations.delete(under)
  })
  context.propagations.add(under)
}
