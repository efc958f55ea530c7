import { outcomeOf } from '@kitty/record'
import { type Check, collect, defineCheck } from '../check/check.js'
import { findingAbout } from '../check/finding.js'

const legacyOps = collect((found) =>
  !found.ok || found.isSound || !found.record.legacy
    ? undefined
    : { id: found.id, path: found.path, outcome: outcomeOf(found.record) ?? 'unknown' },
)

/** Ops that an older version closed, without `closed_by` and sometimes without an outcome. */
export const legacyCompletion: Check = defineCheck({
  id: 'legacy-completion',
  needs: { legacy: legacyOps },
  run: async (_, { legacy }) => {
    const ops = await legacy()
    const counts = new Map<string, number>()
    for (const { outcome } of ops) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    const outcomes = [...counts].map(([outcome, count]) => `${count} as "${outcome}"`).join(', ')
    return findingAbout(ops, {
      id: legacyCompletion.id,
      severity: 'info',
      fixable: false,
      one: `An older version closed the Op; its outcome reads as "${[...counts.keys()].join()}".`,
      many: (count) => `An older version closed ${count} Ops; their outcomes read: ${outcomes}.`,
      next: () => [],
    })
  },
})
