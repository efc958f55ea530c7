import { outcomeOf } from '@kitty/record'
import { type Check, defineCheck, defineFact } from '../check/check.js'
import { findingAbout, type OpRef } from '../check/finding.js'

const legacyOps = defineFact({
  collect: () => {
    const ops: OpRef[] = []
    const outcomes = new Map<string, number>()
    return {
      visit: (found) => {
        if ('error' in found || !found.record.legacy) return
        const outcome = outcomeOf(found.record) ?? 'unknown'
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        ops.push({ id: found.id, path: found.path })
      },
      value: () => ({ ops, outcomes: [...outcomes] }),
    }
  },
})

/** Ops that an older version closed, without `closed_by` and sometimes without an outcome. */
export const legacyCompletion: Check = defineCheck({
  id: 'legacy-completion',
  needs: { legacy: legacyOps },
  run: async (_, { legacy }) => {
    const { ops, outcomes } = await legacy()
    const counts = outcomes.map(([outcome, count]) => `${count} as "${outcome}"`).join(', ')
    return findingAbout(ops, {
      id: legacyCompletion.id,
      severity: 'info',
      fixable: false,
      one: `An older version closed the Op; its outcome reads as "${outcomes.map(([outcome]) => outcome).join()}".`,
      many: (count) => `An older version closed ${count} Ops; their outcomes read: ${counts}.`,
      next: () => [],
    })
  },
})
