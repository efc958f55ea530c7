import type { Check } from '../check.js'
import { isStale } from '../facts/open-ops.js'
import { leftOpen, openOpFinding } from '../open-op-words.js'

const ADVICE = 'If it was forgotten: spec-kitty doctor ops --close-stale'

/** Open Ops that are older than the threshold: forgotten, or left by a crash. */
export const staleOp: Check = {
  id: 'stale-op',
  examine: async (at) => {
    const stale = (await leftOpen(at)).filter((op) => isStale(op, at))
    return stale.map((op) => openOpFinding({ id: staleOp.id, severity: 'warning' }, op, ADVICE))
  },
}
