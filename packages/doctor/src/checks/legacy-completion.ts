import { outcomeOf } from '@kitty/record'
import type { Check } from '../check.js'
import { findInRecords } from '../facts/each-record.js'

/** Ops that an older version closed, without saying by whom, and sometimes without an outcome. */
export const legacyCompletion: Check = {
  id: 'legacy-completion',
  examine: (at) =>
    findInRecords(at, (found) => {
      if ('error' in found || !found.record.legacy) return undefined
      const outcome = outcomeOf(found.record) ?? 'unknown'
      return {
        id: legacyCompletion.id,
        severity: 'info',
        invocation_id: found.id,
        path: found.path,
        message: `${found.path} was closed by an older version; its outcome reads as "${outcome}". There is nothing to do.`,
        fixable: false,
      }
    }),
}
