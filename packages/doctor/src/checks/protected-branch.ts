import { type Check, defineCheck } from '../check/check.js'
import { blockedResult } from '../facts/commit-obstacle.js'
import { type Pending, pendingOps } from '../facts/pending-ops.js'

/** Whether `uncommitted` reports the branch as the reason for this Op. */
const isReported = ({ state }: Pending): boolean => state === 'closed'

/** The refusals that a branch or its configuration causes. */
const CODES: ReadonlySet<string> = new Set(['PROTECTED_BRANCH', 'CONFIG_INVALID'])

/** A branch on which the strategy commits nothing. A person must act once Ops are pending on it. */
export const protectedBranch: Check = defineCheck({
  id: 'protected-branch',
  needs: { waiting: pendingOps },
  run: async (context, { waiting }) => {
    const [pending, blocked] = await Promise.all([waiting(), blockedResult(context)])
    const isHere = blocked?.status === 'refused' && CODES.has(blocked.code)
    if (!isHere || pending.some(isReported)) return []
    const message = `${blocked.message} Ops that are closed on it stay pending (${pending.length} now).`
    const severity = pending.length > 0 ? 'warning' : 'info'
    return [
      {
        id: protectedBranch.id,
        severity,
        message,
        fixable: false,
        next: blocked.code === 'PROTECTED_BRANCH' ? [{ verb: 'git-switch-create' }] : [],
      },
    ]
  },
})
