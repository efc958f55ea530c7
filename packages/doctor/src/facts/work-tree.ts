import { findWorkTree } from '@kitty/writer'
import { sharedFact } from '../check/memo.js'

/** The git work tree that holds the root; undefined outside git. */
export const workTreeOf = sharedFact((at) => findWorkTree(at.ops.root))

/** Whether closed Ops are to be committed here at all. */
export const isCommitting = sharedFact(
  async (at) => at.ops.strategyName !== 'none' && (await workTreeOf(at)) !== undefined,
)
