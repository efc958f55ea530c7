import { findWorkTree } from '@kitty/writer/internals'
import { memoized } from '../check/memo.js'

/** The git work tree that contains the root; `undefined` outside git. */
export const workTreeOf = memoized((context) => findWorkTree(context.ops.root))

/** Whether closed Ops get committed here. */
export const isCommitting = memoized(
  async (context) =>
    context.ops.strategy.commits !== false && (await workTreeOf(context)) !== undefined,
)
