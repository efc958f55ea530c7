import type { Check } from '../check/check.js'
import { findProblems, listOf } from '../facts/record-problems.js'

/** Records with events of an Op other than the one in the file name. */
export const wrongId: Check = {
  id: 'wrong-id',
  run: (context) =>
    findProblems(context, ['ID_MISMATCH'], ({ id, path, problems }) => ({
      id: wrongId.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `The record contains events of another Op, which do not count: ${listOf(problems)}. If the file was renamed, rename it back.`,
      fixable: false,
      next: [{ verb: 'git-log', path }],
    })),
}
