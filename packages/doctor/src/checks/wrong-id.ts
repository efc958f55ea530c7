import { type Check, defineCheck, type Finding } from '../check/check.js'
import { listOf, type Troubled, troubledRecords } from '../facts/record-problems.js'

const findingOf = ({ id, path, problems }: Troubled): Finding => ({
  id: wrongId.id,
  severity: 'error',
  invocation_id: id,
  path,
  message: `The record contains events of another Op, which do not count: ${listOf(problems)}. If the file was renamed, rename it back.`,
  fixable: false,
  next: [{ verb: 'git-log', path }],
})

/** Records with events of an Op other than the one in the file name. */
export const wrongId: Check = defineCheck({
  id: 'wrong-id',
  needs: { found: troubledRecords(['ID_MISMATCH'], findingOf) },
  run: (_, { found }) => found(),
})
