import { KittyError, type Outcome } from '@kitty/record'
import { type Completion, completeOp } from './complete-op.js'
import type { StoreContext } from './context.js'
import { usageError } from './errors.js'
import { type StartedOp, type StartRequest, startOp } from './start-op.js'

/** The return value of the function, and the result of closing its Op. */
export type RunResult<T> = { readonly value: T; readonly completion: Completion }

/** The function returned, but its Op could not be closed. `value` is what the function returned. */
export class NotClosedError<T = unknown> extends KittyError {
  readonly value: T

  constructor(value: T, cause: unknown) {
    const known = cause instanceof KittyError ? cause : undefined
    super(
      known?.code ?? 'NOT_CLOSED',
      `The work is done, but its Op was not closed: ${known?.message ?? String(cause)}`,
      { hint: known?.hint ?? 'Close the Op again.', about: known?.about ?? {}, cause },
    )
    this.value = value
  }
}

const outcomeOfThrow = (error: unknown): Outcome =>
  error instanceof Error && error.name === 'AbortError' ? 'abandoned' : 'failed'

/**
 * Runs a function under an Op and closes the Op with what happened: `done` if the function returns, `failed` if it
 * throws, `abandoned` if it throws an `AbortError`. Rethrows what it throws, or an `AggregateError` of both
 * errors if the close fails too. Throws a `NotClosedError`, with the return value and the code of the close, if
 * only the close fails. Throws as `startOp` does before the function runs.
 */
export const runOp = async <T>(
  ctx: StoreContext,
  request: StartRequest,
  work: (op: StartedOp) => T | Promise<T>,
): Promise<RunResult<T>> => {
  if (typeof work !== 'function') {
    const hint = 'Pass a function as the second argument. Nothing was written.'
    throw usageError('REQUEST_INVALID', 'The work to run must be a function.', hint)
  }
  const op = await startOp(ctx, request)
  let value: T
  try {
    value = await work(op)
  } catch (error) {
    await completeOp(ctx, op.invocation_id, { outcome: outcomeOfThrow(error) }).catch(
      (second: unknown) => {
        throw new AggregateError([error, second], 'The work failed, and so did closing its Op.')
      },
    )
    throw error
  }
  const closed = completeOp(ctx, op.invocation_id, { outcome: 'done' })
  const completion = await closed.catch((error: unknown) => {
    throw new NotClosedError(value, error)
  })
  return { value, completion }
}
