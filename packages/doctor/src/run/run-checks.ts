import type { Check, CheckContext, Finding, Severity } from '../check/check.js'
import { describeError } from '../check/wording.js'
import { CHECKS } from '../checks/registry.js'

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'info']

type CheckRun = {
  readonly check: Check
  readonly findings: readonly Finding[]
  readonly error?: string
}

// One check that cannot look must not hide what the others see.
const runCheck = async (check: Check, context: CheckContext): Promise<CheckRun> => {
  try {
    return { check, findings: (await check.run(context)).toSorted(byId) }
  } catch (error) {
    return { check, findings: [], error: describeError(error) }
  }
}

/** What keeps many checks from looking, git that is missing say, is told once. */
const failures = (looks: readonly CheckRun[]): readonly Finding[] => {
  const errors = new Set(looks.flatMap(({ error }) => error ?? []))
  return [...errors].flatMap((error) => {
    const [first, ...others] = looks.filter((look) => look.error === error)
    if (first === undefined) return []
    const also = others.map(({ check }) => check.id).join(', ')
    const message = `This could not be checked: ${error}${also && ` The same goes for ${also}.`}`
    return [{ id: first.check.id, severity: 'error', message, fixable: false }]
  })
}

const byId = (a: Finding, b: Finding): number =>
  (a.invocation_id ?? '') < (b.invocation_id ?? '') ? -1 : 1

/**
 * What is wrong with a store, worst first: by severity, then in the order of the checks, then oldest Op
 * first. Changes nothing.
 */
export const runChecks = async (
  context: CheckContext,
  checks: readonly Check[] = CHECKS,
): Promise<readonly Finding[]> => {
  const looks = await Promise.all(checks.map((check) => runCheck(check, context)))
  const all = [...failures(looks), ...looks.flatMap(({ findings }) => findings)]
  return WORST_FIRST.flatMap((severity) => all.filter((finding) => finding.severity === severity))
}

/** Whether nobody has to do anything: there is nothing, or nothing but `info`. */
export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ severity }) => severity === 'info')
