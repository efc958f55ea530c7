import type { OpId } from '@kitty/record'
import type { Finding, Severity } from './check.js'
import type { NextStep } from './next-step.js'

/** An Op that a finding is about. */
export type OpRef = { readonly id: OpId; readonly path: string }

/** The text of a finding about one Op, or about many that have the same in common. */
export type FindingText = {
  /** The id of the check. */
  readonly id: string
  readonly severity: Severity
  readonly fixable: boolean
  readonly one: string
  readonly many: (count: number) => string
  /** What to do about the Op, or about all of them if it is `undefined`. */
  readonly next: (op: OpRef | undefined) => readonly NextStep[]
}

/** Makes one finding, whether it is about one Op or many: a list of thousands helps no one. */
export const findingAbout = (
  ops: readonly OpRef[],
  { one, many, next, ...base }: FindingText,
): readonly Finding[] => {
  const [first, second] = ops
  if (first === undefined) return []
  if (second === undefined) {
    const { id, path } = first
    return [{ ...base, invocation_id: id, path, message: one, next: next(first) }]
  }
  const ids = ops.map(({ id }) => id).sort()
  return [{ ...base, invocation_ids: ids, message: many(ids.length), next: next(undefined) }]
}

/** Returns the Ops that a finding is about. */
export const opIdsOf = ({ invocation_id, invocation_ids = [] }: Finding): readonly OpId[] =>
  invocation_id === undefined ? invocation_ids : [invocation_id]
