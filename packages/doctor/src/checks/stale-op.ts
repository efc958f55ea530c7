import type { Check } from '../check/check.js'
import { abandonedOps, openOpFinding } from '../facts/open-op-finding.js'
import { isStale, type OpenOp } from '../facts/open-ops.js'

/** About this Op alone: a sweep would close all the others that are as old. */
const advice = ({ id }: OpenOp): string =>
  `If it was forgotten: spec-kitty ops complete ${id} --outcome abandoned`

/** Open Ops that are as old as the threshold or older: forgotten, or left by a crash. */
export const staleOp: Check = {
  id: 'stale-op',
  run: async (context) => {
    const stale = (await abandonedOps(context)).filter((op) => isStale(op, context))
    return stale.map((op) => openOpFinding({ id: staleOp.id, severity: 'warning' }, op, advice(op)))
  },
}
