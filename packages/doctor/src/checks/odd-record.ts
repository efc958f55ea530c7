import type { ProblemCode } from '@kitty/record'
import { type Check, defineCheck } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { troubledRecords } from '../facts/record-problems.js'

const CODES: readonly ProblemCode[] = [
  'BYTE_ORDER_MARK',
  'CRLF',
  'MISSING_FINAL_NEWLINE',
  'TIME_REVERSED',
  'MISSION_ID_NOT_ULID',
]

/** Records that are readable, but that another program or an editor changed in form. */
export const oddRecord: Check = defineCheck({
  id: 'odd-record',
  needs: { troubled: troubledRecords(CODES, (found) => found) },
  run: async (_, { troubled }) => {
    const odd = await troubled()
    const words = new Set(odd.flatMap(({ problems }) => problems.map(({ message }) => message)))
    const unusual = `readable, but unusual: ${[...words].join('; ')}.`
    return findingAbout(odd, {
      id: oddRecord.id,
      severity: 'info',
      fixable: false,
      one: `The record is ${unusual}`,
      many: (count) => `${count} records are ${unusual}`,
      next: (op) => (op === undefined ? [] : [{ verb: 'validate', path: op.path }]),
    })
  },
})
