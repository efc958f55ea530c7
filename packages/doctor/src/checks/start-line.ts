import { PROBLEM_SEVERITIES, type ProblemCode } from '@kitty/record'
import { shellWord } from '@kitty/writer'
import type { Check, Finding } from '../check/check.js'
import { closeAdvice, unlessClosedInHead } from '../facts/close-advice.js'
import { findProblems, listOf, type Troubled } from '../facts/record-problems.js'

const CODES: readonly ProblemCode[] = [
  'NO_STARTED',
  'SECOND_STARTED',
  'COMPLETED_BEFORE_STARTED',
  'STARTED_NOT_FIRST',
]

const MISSING = 'NO_STARTED'

/** A start line that is there and garbled, or another Op's, is told by what is wrong with that line. */
const isToldElsewhere = ({ record, problems }: Troubled): boolean =>
  problems.every(({ code }) => code === MISSING) &&
  record.problems.some(({ code, severity }) => severity === 'error' && code !== MISSING)

const adviceFor = ({ id, path, record }: Troubled): string => {
  if (record.status === 'closed') {
    const lost = `What was started is lost; if git has it whole: git checkout HEAD -- ${shellWord(path)}.`
    return `The Op is closed, and its outcome stands. ${record.started ? '' : lost}`.trim()
  }
  if (record.status === 'open') {
    return closeAdvice(id)
  }
  return `It does not say what was started, so the Op cannot be closed. If git has it whole: git checkout HEAD -- ${shellWord(path)}`
}

const startLineFinding = (troubled: Troubled): Finding | undefined => {
  if (isToldElsewhere(troubled)) return undefined
  const { id, path, problems } = troubled
  const isError = problems.some(({ code }) => PROBLEM_SEVERITIES[code] === 'error')
  return {
    id: startLine.id,
    severity: isError ? 'error' : 'info',
    invocation_id: id,
    path,
    message: `${path} does not begin as a record does: ${listOf(problems)}. ${adviceFor(troubled)} See all of it: spec-kitty ops validate ${shellWord(path)}`,
    fixable: false,
  }
}

/** Records whose start line is missing, or not where it belongs. */
export const startLine: Check = {
  id: 'start-line',
  run: (context) => unlessClosedInHead(context, findProblems(context, CODES, startLineFinding)),
}
