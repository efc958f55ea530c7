import type { ProblemCode } from '@kitty/record'
import type { Check } from '../check/check.js'
import { findingAbout, type OpRef } from '../check/finding.js'
import { findProblems } from '../facts/record-problems.js'

const CODES: readonly ProblemCode[] = [
  'BYTE_ORDER_MARK',
  'CRLF',
  'MISSING_FINAL_NEWLINE',
  'TIME_REVERSED',
  'MISSION_ID_NOT_ULID',
]

/** Records that are readable, but that another program or an editor changed in form. */
export const oddRecord: Check = {
  id: 'odd-record',
  run: async (context) => {
    const odd: OpRef[] = []
    const words = new Set<string>()
    await findProblems(context, CODES, ({ id, path, problems }) => {
      odd.push({ id, path })
      for (const { message } of problems) words.add(message)
      return undefined
    })
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
}
