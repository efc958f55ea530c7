import { outcomeOf } from '@kitty/record'
import { type Check, defineCheck, type Finding } from '../check/check.js'
import { listOf, type Troubled, troubledRecords } from '../facts/record-problems.js'

const findingOf = ({ id, path, record, problems }: Troubled): Finding => ({
  id: secondCompletion.id,
  severity: 'error',
  invocation_id: id,
  path,
  message: `The Op was closed twice: ${listOf(problems)}. The first close counts, with the outcome "${outcomeOf(record)}".`,
  fixable: false,
  next: [{ verb: 'git-log', path }],
})

/** Records that were closed twice. The first close counts. */
export const secondCompletion: Check = defineCheck({
  id: 'second-completion',
  needs: { found: troubledRecords(['SECOND_COMPLETED'], findingOf) },
  run: (_, { found }) => found(),
})
