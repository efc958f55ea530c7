import type { ProblemCode } from '@kitty/record'
import type { Check } from '../check.js'
import { findProblems, listOf } from '../facts/record-problems.js'

const CODES: readonly ProblemCode[] = [
  'BYTE_ORDER_MARK',
  'CRLF',
  'MISSING_FINAL_NEWLINE',
  'TIME_REVERSED',
  'MISSION_ID_NOT_ULID',
]

/** Records that can be read as they are, and that another program or an editor made unusual. */
export const oddRecord: Check = {
  id: 'odd-record',
  examine: (at) =>
    findProblems(at, CODES, ({ id, path, problems }) => ({
      id: oddRecord.id,
      severity: 'info',
      invocation_id: id,
      path,
      message: `${path} is readable, but unusual: ${listOf(problems)}. There is nothing to do.`,
      fixable: false,
    })),
}
