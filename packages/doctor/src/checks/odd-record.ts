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

/** The records, and what is unusual about each, without repetition: it can be so in every line. */
const oddRecords = troubledRecords(CODES, ({ id, path, problems }) => ({
  id,
  path,
  words: [...new Set(problems.map(({ message }) => message))],
}))

/** Records that are readable, but that another program or an editor changed in form. */
export const oddRecord: Check = defineCheck({
  id: 'odd-record',
  needs: { oddRecords },
  run: async (_, facts) => {
    const odd = await facts.oddRecords()
    const words = new Set(odd.flatMap((each) => each.words))
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
