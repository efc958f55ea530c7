import type { OpId } from '@kitty/record'
import type { Finding, Severity } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import type { WorkTreeRef } from '../check/wire.js'
import type { OtherWorkTree } from './other-work-trees.js'

/** Makes the reference to a work tree that a report has. */
export const workTreeRef = ({ path, status }: OtherWorkTree): WorkTreeRef => ({
  ...(path !== undefined && { path }),
  status,
})

/** Names a work tree by its path. */
export const treeName = ({ path }: OtherWorkTree): string => path ?? 'unknown'

/** Counts Ops of a kind, in words. */
export const countOps = (count: number, kind: 'open' | 'pending'): string =>
  `${count} ${kind} Op${count === 1 ? '' : 's'}`

/** Counts the open and the pending Ops of a work tree, in words. */
export const countBoth = ({ open, pending }: OtherWorkTree): string =>
  [
    ...(open.length > 0 ? [countOps(open.length, 'open')] : []),
    ...(pending.length > 0 ? [countOps(pending.length, 'pending')] : []),
  ].join(' and ')

/** Makes a finding about Ops of another work tree. */
export const workTreeFinding = (
  tree: OtherWorkTree,
  ids: readonly OpId[],
  rest: {
    readonly id: string
    readonly severity: Severity
    readonly message: string
    readonly fixable: boolean
    readonly next: readonly NextStep[]
  },
): Finding => {
  const [first, second] = ids
  const one = first !== undefined && second === undefined
  return {
    ...rest,
    ...(one ? { invocation_id: first } : { invocation_ids: ids.toSorted() }),
    work_tree: workTreeRef(tree),
  }
}
