import { KittyError, type Outcome } from '@kitty/record'
import { type Completion, completeOp } from './complete-op.js'
import type { StoreContext } from './context.js'
import { usageError } from './errors.js'
import { type StartedOp, type StartRequest, startOp } from './start-op.js'

/** What the function gave, and what became of its Op. */
export type RunResult<T> = { readonly value: T; readonly completion: Completion }

/** The function came to its end, and its Op could not be closed with that: what it gave is in `value`. */
export class NotClosedError<T = unknown> extends KittyError {
  readonly value: T

  constructor(value: T, cause: unknown) {
    const known = cause instanceof KittyError ? cause : undefined
    super(
      known?.code ?? 'NOT_CLOSED',
      `The work is done, but its Op was not closed with that: ${known?.message ?? String(cause)}`,
      {
        hint: known?.hint ?? 'See what is known of it with: spec-kitty doctor ops',
        about: known?.about ?? {},
        cause,
      },
    )
    this.value = value
  }
}

const outcomeOfThrow = (error: unknown): Outcome =>
  error instanceof Error && error.name === 'AbortError' ? 'abandoned' : 'failed'

/**
 * Runs a function under an Op, and closes the Op with what happened: `done` when it returns, `failed`
 * when it throws, `abandoned` when it throws an `AbortError`. What it throws is thrown on; when the
 * close fails too, both errors come in an `AggregateError`. Throws a `NotClosedError`, with what the function
 * gave and the code that closing gave, when only the close fails. Throws as `startOp` does, before anything runs.
 */
export const runOp = async <T>(
  ctx: StoreContext,
  request: StartRequest,
  work: (op: StartedOp) => T | Promise<T>,
): Promise<RunResult<T>> => {
  if (typeof work !== 'function') {
    const hint = 'Nothing was written. Pass the function to run as the second argument.'
    throw usageError('REQUEST_INVALID', 'What is to be run must be a function.', hint)
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
