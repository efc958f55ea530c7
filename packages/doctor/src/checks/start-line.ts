import { PROBLEM_SEVERITIES, type ProblemCode } from '@kitty/record'
import { type Check, defineCheck, type Finding } from '../check/check.js'
import type { Advice } from '../check/next-step.js'
import { STILL_OPEN, unlessClosedInHead } from '../facts/close-advice.js'
import { listOf, type Troubled, troubledRecords } from '../facts/record-problems.js'
import { closedInHead } from '../facts/unclosed-on-disk.js'

const CODES: readonly ProblemCode[] = [
  'NO_STARTED',
  'SECOND_STARTED',
  'COMPLETED_BEFORE_STARTED',
  'STARTED_NOT_FIRST',
]

const MISSING = 'NO_STARTED'

/** Whether another check reports the line: the start line exists, but is garbled or of another Op. */
const isReportedElsewhere = ({ record, problems }: Troubled): boolean =>
  problems.every(({ code }) => code === MISSING) &&
  record.problems.some(({ code, severity }) => severity === 'error' && code !== MISSING)

const adviceFor = ({ id, path, record }: Troubled): Advice => {
  const fromGit = { verb: 'git-checkout', path } as const
  if (record.status === 'open') return { text: STILL_OPEN, next: [{ verb: 'close', id }] }
  if (record.status === 'closed') {
    const outcome = 'The Op is closed, and its outcome counts'
    if (record.started !== undefined) return { text: `${outcome}.`, next: [] }
    return { text: `${outcome}; its start is lost unless git has it.`, next: [fromGit] }
  }
  return {
    text: 'It does not say what was started, so the Op cannot be closed; git might have a complete version.',
    next: [fromGit],
  }
}

const startLineFinding = (troubled: Troubled): Finding | undefined => {
  if (isReportedElsewhere(troubled)) return undefined
  const { id, path, problems } = troubled
  const { text, next } = adviceFor(troubled)
  const isError = problems.some(({ code }) => PROBLEM_SEVERITIES[code] === 'error')
  return {
    id: startLine.id,
    severity: isError ? 'error' : 'info',
    invocation_id: id,
    path,
    message: `The record does not begin with its start: ${listOf(problems)}. ${text}`,
    fixable: false,
    next: [...next, { verb: 'validate', path }],
  }
}

/** Records whose start line is missing or not the first line. */
export const startLine: Check = defineCheck({
  id: 'start-line',
  needs: { found: troubledRecords(CODES, startLineFinding), closed: closedInHead },
  run: unlessClosedInHead,
})
