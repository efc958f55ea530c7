import type { Check } from '../check/check.js'
import { closingCommand } from '../check/closing-command.js'
import { abandonedOps, openOpFinding } from '../facts/open-op-finding.js'
import { isStale, type OpenOp } from '../facts/open-ops.js'

const advice = ({ id, opener }: OpenOp): string =>
  opener?.liveness === 'dead'
    ? `Close it: ${closingCommand(id, ['failed', 'abandoned'])}`
    : `When its work is done: ${closingCommand(id)}`

/** Ops that were started not long ago and are not closed. */
export const openOp: Check = {
  id: 'open-op',
  run: async (context) => {
    const fresh = (await abandonedOps(context)).filter((op) => !isStale(op, context))
    return fresh.map((op) => openOpFinding({ id: openOp.id, severity: 'info' }, op, advice(op)))
  },
}
