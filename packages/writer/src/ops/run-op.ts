import { isKittyError, KittyError, type OpId } from '@kitty/record'
import { throwExplained } from '../fs/errors.js'
import type { Closing } from './closing.js'
import type { Completion } from './complete-op.js'
import type { StoreContext } from './context.js'
import { usageError } from './errors.js'
import { type StartedOp, type StartRequest, startOp } from './start-op.js'

/** The return value of the function, and the result of closing its Op. */
export type RunResult<T> = { readonly value: T; readonly completion: Completion }

/** Options of `run`. */
export type RunOptions<T = unknown> = {
  /**
   * What the Op is closed with if the function returns; or a function that makes it from the return value. To close
   * with a reason why the work failed, call `op.complete` in the function before it throws.
   */
  readonly closing?:
    | Omit<Closing, 'outcome'>
    | ((value: T) => Omit<Closing, 'outcome'> | Promise<Omit<Closing, 'outcome'>>)
    | undefined
  /**
   * Aborting it closes the Op as `abandoned` and rejects with its reason, at once. It does not stop the function,
   * whose result is then ignored: use the same signal there. If it is aborted before the start, no Op is opened; once
   * the function has returned, it has no effect.
   */
  readonly signal?: AbortSignal | undefined
}

/**
 * The function returned, but its Op could not be closed. `value` is what the function returned, and `about.id` the
 * Op.
 */
export class NotClosedError<T = unknown> extends KittyError {
  readonly value: T

  constructor(value: T, id: OpId, cause: unknown) {
    const known = isKittyError(cause) ? cause : undefined
    super(
      known?.code ?? 'NOT_CLOSED',
      `The work is done, but its Op was not closed: ${known?.message ?? String(cause)}`,
      { hint: known?.hint ?? 'Close the Op again.', about: { id, ...known?.about }, cause },
    )
    this.value = value
  }
}

const refuse = (what: string, hint: string): never => {
  throw usageError('REQUEST_INVALID', what, `${hint} Nothing was written.`)
}

/** Untyped callers can pass anything. */
const checkTypes = (work: unknown, closing: unknown): void => {
  if (typeof work !== 'function') {
    refuse('The work to run must be a function.', 'Pass a function as the second argument.')
  }
  if (typeof closing === 'function' || (typeof closing === 'object' && closing !== null)) return
  refuse('The closing must be an object or a function.', 'Correct `closing`.')
}

/** Calls the function. Rejects with the signal's reason as soon as it is aborted. */
const runUnlessAborted = async <T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> => {
  if (signal === undefined) return work()
  signal.throwIfAborted()
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    const remove = (): void => signal.removeEventListener('abort', stop)
    work().then(resolve, reject).finally(remove)
  })
}

const isAbortError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'AbortError'

/** Closes the Op of work that did not return. Returns why it did not; with both errors if the close fails too. */
const closeUnfinished = async (
  { complete }: StartedOp,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  const [isAborted, reason] = signal?.aborted ? [true, signal.reason] : [isAbortError(error), error]
  try {
    await complete({ outcome: isAborted ? 'abandoned' : 'failed' })
    return reason
  } catch (second) {
    return new AggregateError([reason, second], 'The work failed, and so did closing its Op.')
  }
}

/**
 * Runs a function under an Op and closes the Op with what happened: `done` if the function returns, `failed` if it
 * throws, `abandoned` if it throws an `AbortError` or the signal is aborted. Rethrows what it throws, or the reason of
 * the signal; or an `AggregateError` of both errors if the close fails too. Throws a `NotClosedError`, with the
 * return value and the code of the close, if only the close fails. Throws as `startOp` does before the function runs.
 */
export const runOp = async <T>(
  ctx: StoreContext,
  request: StartRequest,
  work: (op: StartedOp) => T | Promise<T>,
  { closing = {}, signal }: RunOptions<T> = {},
): Promise<RunResult<T>> => {
  checkTypes(work, closing)
  signal?.throwIfAborted()
  const op = await startOp(ctx, request, true).catch(throwExplained)
  let value: T
  try {
    value = await runUnlessAborted(async () => work(op), signal)
  } catch (error) {
    throw await closeUnfinished(op, error, signal)
  }
  try {
    const details = typeof closing === 'function' ? await closing(value) : closing
    return { value, completion: await op.complete({ ...details, outcome: 'done' }) }
  } catch (error) {
    throw new NotClosedError(value, op.id, error)
  }
}
