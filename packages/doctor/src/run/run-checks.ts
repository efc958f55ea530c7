import type { Check, CheckContext, Finding, Severity } from '../check/check.js'
import { describeError } from '../check/wording.js'
import { CHECKS } from '../checks/registry.js'
import { findingsInRecords } from '../facts/record-pass.js'

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'info']

type CheckRun = {
  readonly check: Check
  readonly findings: readonly Finding[]
  readonly error?: string
}

/** Calls `visit` and `run`. Both start in this turn, so that all checks share one pass over the records. */
const findingsOf = async (check: Check, context: CheckContext): Promise<readonly Finding[]> => {
  const visit = async () =>
    check.visit ? findingsInRecords(context, (found) => check.visit?.(found, context)) : []
  const run = async () => check.run?.(context) ?? []
  return (await Promise.all([visit(), run()])).flat()
}

// A check that fails must not hide the findings of the others.
const runCheck = async (check: Check, context: CheckContext): Promise<CheckRun> => {
  try {
    return { check, findings: (await findingsOf(check, context)).toSorted(byId) }
  } catch (error) {
    return { check, findings: [], error: describeError(error) }
  }
}

/** Makes one finding for each error: one cause, such as a missing git, can stop many checks. */
const failures = (runs: readonly CheckRun[]): readonly Finding[] => {
  const errors = new Set(runs.flatMap(({ error }) => error ?? []))
  return [...errors].flatMap((error) => {
    const [first, ...others] = runs.filter((run) => run.error === error)
    if (first === undefined) return []
    const also = others.map(({ check }) => check.id).join(', ')
    const message = `The check failed: ${error}${also && ` The same error stopped ${also}.`}`
    return [{ id: first.check.id, severity: 'error', message, fixable: false, next: [] }]
  })
}

const byId = (a: Finding, b: Finding): number =>
  (a.invocation_id ?? '') < (b.invocation_id ?? '') ? -1 : 1

/**
 * Runs the checks on a store. Returns the findings by severity, then in the order of the checks, then oldest Op
 * first. Changes nothing.
 */
export const runChecks = async (
  context: CheckContext,
  checks: readonly Check[] = CHECKS,
): Promise<readonly Finding[]> => {
  const runs = await Promise.all(checks.map((check) => runCheck(check, context)))
  const all = [...failures(runs), ...runs.flatMap(({ findings }) => findings)]
  return WORST_FIRST.flatMap((severity) => all.filter((finding) => finding.severity === severity))
}

/** Whether no finding needs action: there is none, or only `info`. */
export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ severity }) => severity === 'info')
