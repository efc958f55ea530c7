import type { Check } from '../check.js'
import { isStale, type OpenOp } from '../facts/open-ops.js'
import { leftOpen, openOpFinding } from '../open-op-words.js'

const closing = (id: string, outcome: string): string =>
  `spec-kitty ops complete ${id} --outcome ${outcome}`

const advice = ({ id, opener }: OpenOp): string =>
  opener?.liveness === 'dead'
    ? `Close it: ${closing(id, 'failed|abandoned')}`
    : `When its work is done: ${closing(id, 'done|failed|abandoned')}`

/** Ops that were started not long ago and are not closed. */
export const openOp: Check = {
  id: 'open-op',
  examine: async (at) => {
    const fresh = (await leftOpen(at)).filter((op) => !isStale(op, at))
    return fresh.map((op) => openOpFinding(openOp.id, op, advice(op)))
  },
}
