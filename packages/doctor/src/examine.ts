import type { Check, Examination, Finding, Severity } from './check.js'
import { CHECKS } from './checks/index.js'
import { wordsOf } from './words.js'

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'info']

const lookFailed = (check: Check, error: unknown): Finding => ({
  id: check.id,
  severity: 'error',
  message: `This could not be checked: ${wordsOf(error)}`,
  fixable: false,
})

// One check that cannot look must not hide what the others see.
const run = (check: Check, at: Examination): Promise<readonly Finding[]> =>
  check.examine(at).catch((error: unknown) => [lookFailed(check, error)])

const byId = (a: Finding, b: Finding): number =>
  (a.invocation_id ?? '') < (b.invocation_id ?? '') ? -1 : 1

/**
 * What is wrong with a store, worst first: by severity, then in the order of the checks, then oldest Op
 * first. Changes nothing.
 */
export const examine = async (
  at: Examination,
  checks: readonly Check[] = CHECKS,
): Promise<readonly Finding[]> => {
  const found = await Promise.all(checks.map((check) => run(check, at)))
  const all = found.flatMap((findings) => findings.toSorted(byId))
  return WORST_FIRST.flatMap((severity) => all.filter((finding) => finding.severity === severity))
}

/** Whether nobody has to do anything: there is nothing, or nothing but `info`. */
export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ severity }) => severity === 'info')
