import type { Check, CheckContext, Facts, Finding, Fix } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import type { AppliedFix, FixOutcome } from '../check/wire.js'
import { describeError } from '../check/wording.js'
import type { Inspection } from './run-checks.js'

type FixOptions = {
  /** Change nothing; only report what would be done. */
  readonly dryRun: boolean
  readonly checks: readonly Check[]
  /** The lock of git if it is at work: then nothing is fixed. */
  readonly lock?: string
}

// Many at once, so that they are committed in one batch.
const CONCURRENCY = 128

type Work = { readonly finding: Finding; readonly fix: Fix; readonly facts: Facts }

const notWhileLocked = (lock: string): FixOutcome => ({
  done: false,
  message: `Not fixed: git is at work here. Try again when it has ended. If no git process is running, delete ${lock}.`,
})

const applyOrPlan = async (
  { finding, fix, facts }: Work,
  context: CheckContext,
  { dryRun, lock }: FixOptions,
): Promise<FixOutcome> => {
  try {
    if (dryRun) return { done: false, message: fix.plan(finding, context) }
    if (lock !== undefined) return notWhileLocked(lock)
    return await fix.apply(finding, context, facts)
  } catch (error) {
    const what = dryRun ? 'Not planned' : 'Not fixed'
    return { done: false, message: `${what}: ${describeError(error)}` }
  }
}

const applyOne = async (
  work: Work,
  context: CheckContext,
  options: FixOptions,
): Promise<AppliedFix> => {
  const { id, invocation_id } = work.finding
  const result = await applyOrPlan(work, context, options)
  return { id, ...(invocation_id !== undefined && { invocation_id }), ...result }
}

/**
 * Fixes the findings that are `fixable`, check by check in their order, since one fix can make the next one
 * possible. Returns a result for each. Never deletes or rewrites a record. Run the checks again to see what is
 * left.
 */
export const applyFixes = async (
  { findings, factsOf }: Inspection,
  context: CheckContext,
  options: FixOptions,
): Promise<readonly AppliedFix[]> => {
  const applied: AppliedFix[] = []
  for (const { id, fix, needs = {} } of options.checks) {
    const fixable = findings.filter((finding) => finding.id === id && finding.fixable)
    const facts = factsOf(needs)
    const work = fix === undefined ? [] : fixable.map((finding) => ({ finding, fix, facts }))
    applied.push(
      ...(await mapConcurrent(work, CONCURRENCY, (each) => applyOne(each, context, options))),
    )
  }
  return applied
}
