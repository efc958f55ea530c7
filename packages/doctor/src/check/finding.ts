import type { OpId } from '@kitty/record'
import type { Finding, Severity } from './check.js'

/** An Op that a finding is about. */
export type OpRef = { readonly id: OpId; readonly path: string }

/** What is said of one Op, or of many that have the same in common. */
export type FindingText = {
  /** The id of the check. */
  readonly id: string
  readonly severity: Severity
  readonly fixable: boolean
  readonly one: (path: string, id: OpId) => string
  readonly many: (count: number) => string
}

/** One finding, whether one Op is concerned or many: a list of thousands helps nobody. */
export const findingAbout = (
  ops: readonly OpRef[],
  { one, many, ...base }: FindingText,
): readonly Finding[] => {
  const [first, second] = ops
  if (first === undefined) return []
  if (second === undefined) {
    return [
      { ...base, invocation_id: first.id, path: first.path, message: one(first.path, first.id) },
    ]
  }
  const ids = ops.map(({ id }) => id).sort()
  return [{ ...base, invocation_ids: ids, message: many(ids.length) }]
}

/** The Ops that a finding is about. */
export const opIdsOf = ({ invocation_id, invocation_ids = [] }: Finding): readonly OpId[] =>
  invocation_id === undefined ? invocation_ids : [invocation_id]
