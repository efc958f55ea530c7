import { type Check, defineCheck } from '../check/check.js'
import { abandonedOps, openOpFinding } from '../facts/open-op-finding.js'
import { isStale } from '../facts/open-ops.js'

/** Open Ops that are as old as the threshold or older. */
export const staleOp: Check = defineCheck({
  id: 'stale-op',
  needs: { abandoned: abandonedOps },
  run: async (context, { abandoned }) => {
    const stale = (await abandoned()).filter((op) => isStale(op, context))
    return stale.map((op) =>
      // Closes this Op alone; closing all stale Ops is for a person to decide.
      openOpFinding({ id: staleOp.id, severity: 'warning' }, op, { verb: 'abandon', id: op.id }),
    )
  },
})
