import type { Check } from '../check/check.js'
import { leftOpen, openOpFinding } from '../facts/open-op-finding.js'
import { isStale } from '../facts/open-ops.js'

const ADVICE = 'If it was forgotten: spec-kitty doctor ops --close-stale'

/** Open Ops that are as old as the threshold or older: forgotten, or left by a crash. */
export const staleOp: Check = {
  id: 'stale-op',
  examine: async (at) => {
    const stale = (await leftOpen(at)).filter((op) => isStale(op, at))
    return stale.map((op) => openOpFinding({ id: staleOp.id, severity: 'warning' }, op, ADVICE))
  },
}
