import type { Check } from '../check/check.js'
import { abandonedOps, openOpFinding } from '../facts/open-op-finding.js'
import { isStale } from '../facts/open-ops.js'

/** Open Ops that are as old as the threshold or older. */
export const staleOp: Check = {
  id: 'stale-op',
  run: async (context) => {
    const stale = (await abandonedOps(context)).filter((op) => isStale(op, context))
    return stale.map((op) =>
      // Closes this Op alone; closing all stale Ops is for a person to decide.
      openOpFinding({ id: staleOp.id, severity: 'warning' }, op, { verb: 'abandon', id: op.id }),
    )
  },
}
