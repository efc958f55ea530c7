import { KittyError } from '@kitty/record'
import type { Check, CheckContext, Fact, Finding, Severity } from '../check/check.js'
import { describeError } from '../check/wording.js'
import { allOpenOps, type OpenOp } from '../facts/open-ops.js'
import { beginRun, type FactsOf } from '../facts/record-pass.js'

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'info']

type CheckRun = {
  readonly check: Check
  readonly findings: readonly Finding[]
  readonly error?: unknown
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
    return { check, findings: [], error }
  }
}

/** Whether the check `git-version` has reported this error already. */
const isReported = (error: unknown, runs: readonly CheckRun[]): boolean =>
  error instanceof KittyError &&
  error.code === 'GIT_NOT_STARTED' &&
  runs.some(({ check, findings }) => check.id === 'git-version' && findings.length > 0)

const isStopped = ({ error }: CheckRun): boolean => error !== undefined

/** Makes one finding for each error: one cause can stop many checks. */
const failures = (runs: readonly CheckRun[]): readonly Finding[] => {
  const stopped = runs.filter((run) => isStopped(run) && !isReported(run.error, runs))
  const errors = new Set(stopped.map(({ error }) => describeError(error)))
  return [...errors].flatMap((error) => {
    const [first, ...others] = stopped.filter((run) => describeError(run.error) === error)
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
  /** The ids of the checks that could not run. */
  readonly unchecked: readonly string[]
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
  const unchecked = runs.filter(isStopped).map(({ check }) => check.id)
  return { findings: WORST_FIRST.flatMap(bySeverity), unchecked, open, factsOf }
}

/** Whether no finding needs action: there is none, or only `info`. */
export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ severity }) => severity === 'info')
