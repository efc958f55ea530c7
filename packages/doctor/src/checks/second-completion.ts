import { outcomeOf } from '@kitty/record'
import type { Check } from '../check/check.js'
import { findProblems, listOf } from '../facts/record-problems.js'

/** Records that were closed twice. The first close counts. */
export const secondCompletion: Check = {
  id: 'second-completion',
  run: (context) =>
    findProblems(context, ['SECOND_COMPLETED'], ({ id, path, record, problems }) => ({
      id: secondCompletion.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `The Op was closed twice: ${listOf(problems)}. The first close counts, with the outcome "${outcomeOf(record)}".`,
      fixable: false,
      next: [{ verb: 'git-log', path }],
    })),
}
