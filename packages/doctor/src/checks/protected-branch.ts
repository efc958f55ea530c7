import { findProtectedBranch, guardsBranches } from '@kitty/git-commit'
import type { Check } from '../check/check.js'
import { type Pending, pendingOps } from '../facts/pending-ops.js'

/** `uncommitted` has said so already, with the count. */
const isTold = ({ reason }: Pending): boolean =>
  reason?.status === 'refused' && reason.code === 'PROTECTED_BRANCH'

/** A branch on which the chosen strategy commits nothing. Somebody has to act once Ops wait for it. */
export const protectedBranch: Check = {
  id: 'protected-branch',
  run: async (context) => {
    if (!guardsBranches(context.ops.strategyName)) return []
    const [pending, here] = await Promise.all([
      pendingOps(context),
      findProtectedBranch(context.ops.root),
    ])
    if (here === undefined || pending.some(isTold)) return []
    const { branch, because } = here
    const message = `The branch ${branch} is protected, because ${because}; Ops that are closed on it stay pending (${pending.length} now). Work on another branch: git switch --create my-branch`
    const severity = pending.length > 0 ? 'warning' : 'info'
    return [{ id: protectedBranch.id, severity, message, fixable: false }]
  },
}
