import { type Check, defineCheck, type Finding } from '../check/check.js'
import { CLOSE_FROZEN, FROZEN, frozenTest } from '../facts/frozen-ops.js'
import { abandonedOps, openOpFinding } from '../facts/open-op-finding.js'
import { isStale, type OpenOp } from '../facts/open-ops.js'

const ID = 'stale-op'

// Closes this Op alone; closing all stale Ops is for a person to decide.
const findingOf = (op: OpenOp): Finding =>
  openOpFinding({ id: ID, severity: 'warning' }, op, { verb: 'abandon', id: op.id })

const frozenFinding = (op: OpenOp): Finding => {
  const found = openOpFinding({ id: ID, severity: 'warning' }, op, CLOSE_FROZEN)
  return { ...found, message: `${found.message} ${FROZEN}` }
}

/** Open Ops that are as old as the threshold or older. */
export const staleOp: Check = defineCheck({
  id: ID,
  needs: { abandoned: abandonedOps },
  run: async (context, { abandoned }) => {
    const stale = (await abandoned()).filter((op) => isStale(op, context))
    const isFrozen = await frozenTest(context, stale)
    return stale.map((op) => (isFrozen(op) ? frozenFinding(op) : findingOf(op)))
  },
})
