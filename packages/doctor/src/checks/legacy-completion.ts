import { outcomeOf } from '@kitty/record'
import type { Check } from '../check/check.js'
import { findingAbout, type OpRef } from '../check/finding.js'
import { visitRecords } from '../facts/record-pass.js'

const DO = 'There is nothing to do.'

/** Ops that an older version closed, without saying by whom, and sometimes without an outcome. */
export const legacyCompletion: Check = {
  id: 'legacy-completion',
  run: async (context) => {
    const legacy: OpRef[] = []
    const outcomes = new Map<string, number>()
    await visitRecords(context, (found) => {
      if ('error' in found || !found.record.legacy) return
      const outcome = outcomeOf(found.record) ?? 'unknown'
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      legacy.push({ id: found.id, path: found.path })
    })
    const counts = [...outcomes].map(([outcome, count]) => `${count} as "${outcome}"`).join(', ')
    return findingAbout(legacy, {
      id: legacyCompletion.id,
      severity: 'info',
      fixable: false,
      one: (path) =>
        `${path} was closed by an older version; its outcome reads as "${[...outcomes.keys()].join()}". ${DO}`,
      many: (count) =>
        `${count} Ops were closed by an older version; their outcomes read: ${counts}. ${DO}`,
    })
  },
}
