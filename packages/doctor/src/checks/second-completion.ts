import { outcomeOf } from '@kitty/record'
import { shellWord } from '@kitty/writer'
import type { Check } from '../check/check.js'
import { findProblems, listOf } from '../facts/record-problems.js'

/** Records that were closed twice. The first close stands. */
export const secondCompletion: Check = {
  id: 'second-completion',
  run: (context) =>
    findProblems(context, ['SECOND_COMPLETED'], ({ id, path, record, problems }) => ({
      id: secondCompletion.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `${path} was closed twice: ${listOf(problems)}. The first close stands, with the outcome "${outcomeOf(record)}". See who added the second: git log -p -- ${shellWord(path)}`,
      fixable: false,
    })),
}
