import { type Check, defineCheck } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { abandonedOps, openOpFinding } from '../facts/open-op-finding.js'
import { isStale, type OpenOp } from '../facts/open-ops.js'

const closeStep = ({ id, opener }: OpenOp): NextStep =>
  opener?.liveness === 'dead'
    ? { verb: 'close', id, outcomes: ['failed', 'abandoned'] }
    : { verb: 'close', id }

/** Open Ops that are younger than the threshold. */
export const openOp: Check = defineCheck({
  id: 'open-op',
  needs: { abandoned: abandonedOps },
  run: async (context, { abandoned }) => {
    const fresh = (await abandoned()).filter((op) => !isStale(op, context))
    return fresh.map((op) => openOpFinding({ id: openOp.id, severity: 'info' }, op, closeStep(op)))
  },
})
