import { findProtectedBranch, guardsBranches } from '@kitty/git-commit/inspect'
import type { Check } from '../check/check.js'
import { protectedText } from '../facts/commit-obstacle.js'
import { type Pending, pendingOps } from '../facts/pending-ops.js'

/** Whether `uncommitted` reports the branch as the reason for this Op. */
const isReported = ({ state }: Pending): boolean => state === 'closed'

/** A branch on which the strategy commits nothing. A person must act once Ops are pending on it. */
export const protectedBranch: Check = {
  id: 'protected-branch',
  run: async (context) => {
    if (!guardsBranches(context.ops.strategyName)) return []
    const [pending, here] = await Promise.all([
      pendingOps(context),
      findProtectedBranch(context.ops.root),
    ])
    if (here === undefined || pending.some(isReported)) return []
    const message = `${protectedText(here)} Ops that are closed on it stay pending (${pending.length} now).`
    const severity = pending.length > 0 ? 'warning' : 'info'
    return [
      {
        id: protectedBranch.id,
        severity,
        message,
        fixable: false,
        next: [{ verb: 'git-switch-create' }],
      },
    ]
  },
}
