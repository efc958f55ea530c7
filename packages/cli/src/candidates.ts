import { KittyError, type OpId } from '@kitty/record'
import type { OpSummary, Ops } from '@kitty/writer'

/** An Op that may have been meant, as in the JSON of an error. */
export type Candidate = Pick<
  OpSummary,
  'invocation_id' | 'status' | 'outcome' | 'profile_id' | 'action' | 'started_at'
> & { readonly request_excerpt?: string }

const MOST = 10

const candidateOf = (op: OpSummary): Candidate => {
  const { invocation_id, status, outcome, profile_id, action, started_at, request_excerpt } = op
  return {
    invocation_id,
    status,
    ...(outcome !== undefined && { outcome }),
    profile_id,
    action,
    started_at,
    ...(request_excerpt !== undefined && { request_excerpt }),
  }
}

/** It is not clear which Op is meant: `AMBIGUOUS_ID`, `SEVERAL_OPEN`. */
export class UnclearError extends KittyError {
  /** At most ten, newest first. */
  readonly candidates: readonly Candidate[]

  constructor(code: string, message: string, ops: readonly OpSummary[]) {
    const more = ops.length > MOST ? ` (the newest ${MOST} are shown)` : ''
    super(code, message, { hint: `Give one of these ids, or as much of it as is its own${more}:` })
    this.candidates = ops.slice(0, MOST).map(candidateOf)
  }
}

/** The error for several open Ops where one was to be closed. */
export const severalOpen = (open: readonly OpSummary[]): UnclearError =>
  new UnclearError('SEVERAL_OPEN', `${open.length} Ops are open here.`, open)

const summariesOf = async (ops: Ops, ids: readonly OpId[]): Promise<OpSummary[]> => {
  const { summaryOf } = await import('@kitty/writer')
  const found = await Promise.all(ids.map((id) => ops.read(id).catch(() => undefined)))
  return found.flatMap((file) => (file && summaryOf(file)) ?? [])
}

/**
 * The id that somebody means by its beginning. Throws `OP_NOT_FOUND`, and `AMBIGUOUS_ID` with what it
 * could be.
 */
export const resolveTyped = async (ops: Ops, typed: string): Promise<OpId> => {
  const { AmbiguousIdError } = await import('@kitty/writer')
  try {
    return await ops.resolveId(typed)
  } catch (error) {
    if (!(error instanceof AmbiguousIdError)) throw error
    const summaries = await summariesOf(ops, error.ids.slice(0, MOST + 1))
    // Where none of them can be read, the error itself names the ids.
    if (summaries.length === 0) throw error
    throw new UnclearError(error.code, error.message, summaries)
  }
}
