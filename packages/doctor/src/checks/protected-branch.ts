import { type Check, defineCheck } from '../check/check.js'
import { blockedResult } from '../facts/commit-obstacle.js'
import { isToCommit, type Pending, pendingOps } from '../facts/pending-ops.js'
import { hasLedger } from '../facts/work-tree.js'

/** Whether `uncommitted` reports the branch as the reason for this Op. */
const isReported = ({ state }: Pending): boolean => state === 'closed'

/** The refusals that a branch or its configuration causes. */
const CODES: ReadonlySet<string> = new Set(['PROTECTED_BRANCH', 'CONFIG_INVALID'])

/** A branch on which the strategy commits nothing. A person must act once Ops are pending on it. */
export const protectedBranch: Check = defineCheck({
  id: 'protected-branch',
  needs: { waiting: pendingOps },
  run: async (context, { waiting }) => {
    const [all, blocked] = await Promise.all([waiting(), blockedResult(context)])
    const pending = all.filter(isToCommit)
    const isHere = blocked?.status === 'refused' && CODES.has(blocked.code)
    if (!isHere || pending.some(isReported)) return []
    const where = hasLedger(context)
      ? 'go into the ledger alone'
      : `stay pending (${pending.length} now)`
    const message = `${blocked.message} Ops that are closed on it ${where}.`
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
