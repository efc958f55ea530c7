import { outcomeOf } from '@kitty/record'
import type { Check } from '../check/check.js'
import { findingAbout, type OpRef } from '../check/finding.js'
import { visitRecords } from '../facts/record-pass.js'

/** Ops that an older version closed, without `closed_by` and sometimes without an outcome. */
export const legacyCompletion: Check = {
  id: 'legacy-completion',
  run: async (context) => {
    const legacy: OpRef[] = []
    const outcomes = new Map<string, number>()
    await visitRecords(context, (found) => {
      if ('error' in found || !found.record.legacy) return
      const outcome = outcomeOf(found.record)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      legacy.push({ id: found.id, path: found.path })
    })
    const counts = [...outcomes].map(([outcome, count]) => `${count} as "${outcome}"`).join(', ')
    return findingAbout(legacy, {
      id: legacyCompletion.id,
      severity: 'info',
      fixable: false,
      one: `An older version closed the Op; its outcome reads as "${[...outcomes.keys()].join()}".`,
      many: (count) => `An older version closed ${count} Ops; their outcomes read: ${counts}.`,
      next: () => [],
    })
  },
}
