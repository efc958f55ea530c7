import type { Check, CheckContext, Fact, Finding, Severity } from '../check/check.js'
import { describeError } from '../check/wording.js'
import { allOpenOps, type OpenOp } from '../facts/open-ops.js'
import { beginRun, type FactsOf } from '../facts/record-pass.js'

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'info']

type CheckRun = {
  readonly check: Check
  readonly findings: readonly Finding[]
  readonly error?: string
}

/** What a check finds: in its `visit`, then in its `run`. */
const findingsOf = (check: Check): Fact<readonly Finding[], Finding> => ({
  ...(check.needs && { needs: check.needs }),
  ...(check.visit && { visit: (found, context) => check.visit?.(found, context) }),
  value: async (found, facts, context) => [
    ...found,
    ...((await check.run?.(context, facts)) ?? []),
  ],
})

// A check that fails must not hide the findings of the others.
const runCheck = async (
  check: Check,
  findings: () => Promise<readonly Finding[]>,
): Promise<CheckRun> => {
  try {
    return { check, findings: (await findings()).toSorted(byId) }
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

/** What a run of checks found. */
export type Inspection = {
  /** By severity, then in the order of the checks, then oldest Op first. */
  readonly findings: readonly Finding[]
  /** Every open Op, oldest first. */
  readonly open: readonly OpenOp[]
  readonly factsOf: FactsOf
}

/** Runs the checks on a store. Changes nothing. */
export const runChecks = async (
  context: CheckContext,
  checks: readonly Check[],
): Promise<Inspection> => {
  const work = checks.map((check) => ({ check, found: findingsOf(check) }))
  const factsOf = beginRun(context, [allOpenOps, ...work.map(({ found }) => found)])
  const running = work.map(({ check, found }) => runCheck(check, factsOf({ found }).found))
  const [open, runs] = await Promise.all([
    factsOf({ allOpenOps }).allOpenOps(),
    Promise.all(running),
  ])
  const all = [...failures(runs), ...runs.flatMap(({ findings }) => findings)]
  const bySeverity = (severity: Severity) => all.filter((each) => each.severity === severity)
  return { findings: WORST_FIRST.flatMap(bySeverity), open, factsOf }
}

/** Whether no finding needs action: there is none, or only `info`. */
export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ severity }) => severity === 'info')
