import { findWorkTree, ledgerOf } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'

/** The git work tree that contains the root; `undefined` outside git. */
export const workTreeOf = memoized((context) => findWorkTree(context.ops.root))

/** Whether closed Ops get committed here. */
export const isCommitting = memoized(
  async (context) =>
    context.ops.strategy.commits !== false && (await workTreeOf(context)) !== undefined,
)

/** Whether closed Ops get committed to the branch that is checked out here, and not only to the ledger. */
export const isCommittingToHead = async (context: CheckContext): Promise<boolean> =>
  context.ops.strategy.home !== 'ref' && (await isCommitting(context))

/** Whether closed Ops get committed to the ledger, alone or as the second home. */
export const hasLedger = ({ ops }: CheckContext): boolean => ledgerOf(ops.strategy) !== undefined
