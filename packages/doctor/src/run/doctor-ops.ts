import { KittyError } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import type { Check, CheckContext, Finding, Progress } from '../check/check.js'
import { openOps } from '../facts/open-ops.js'
import { type AppliedFix, applyFixes } from './apply-fixes.js'
import { closeStaleOps, type OpenOpReport, reportOf } from './close-stale.js'
import { isHealthy, runChecks } from './run-checks.js'
import { selectChecks } from './select-checks.js'

export type DoctorOptions = {
  /** The store. What is mended is committed with its strategy. */
  readonly ops: Ops
  /** How old an open Op is when it counts as forgotten, in hours. Default 24; 0 means any. */
  readonly thresholdHours?: number
  /** Close the open Ops that are older than that. */
  readonly closeStale?: boolean
  /** Mend what can be mended without a guess. */
  readonly fix?: boolean
  /** Change nothing; say under `mended` what would be done. */
  readonly dryRun?: boolean
  /** The ids of the checks to make. Default all, but for those that are made only with `deep`. */
  readonly checks?: readonly string[]
  /** Make also the checks that need the whole history, or read every text closely. */
  readonly deep?: boolean
  /** Default the system's clock. */
  readonly clock?: () => Date
  /** Is told now and then how far the look has come. */
  readonly onProgress?: (progress: Progress) => void
}

/** What the doctor found and did, as `doctor ops --json` prints it. */
export type DoctorReport = {
  /** Whether there is nothing, or nothing but `info`, left. */
  readonly healthy: boolean
  /** The open Ops, oldest first; after a sweep, as they were before it. */
  readonly open_ops: readonly OpenOpReport[]
  /** What is left, worst first. */
  readonly findings: readonly Finding[]
  readonly swept: number
  readonly skipped_fresh: number
  readonly skipped_running: number
  readonly threshold_hours: number
  /** What was mended or could not be; in a dry run, what would be done. */
  readonly mended: readonly AppliedFix[]
}

const DEFAULT_HOURS = 24

const hoursOf = ({ thresholdHours = DEFAULT_HOURS }: DoctorOptions): number => {
  if (thresholdHours >= 0) return thresholdHours
  throw new KittyError('THRESHOLD_INVALID', `Not a number of hours: ${thresholdHours}`, {
    hint: 'Give hours, such as 24; 0 counts every open Op as forgotten.',
  })
}

const lookAt = (options: DoctorOptions): CheckContext => ({
  ops: options.ops,
  now: (options.clock?.() ?? new Date()).getTime(),
  thresholdHours: hoursOf(options),
  ...(options.onProgress && { onProgress: options.onProgress }),
})

const fixAll = async (options: DoctorOptions, checks: readonly Check[]) => {
  if (options.fix !== true) return []
  const context = lookAt(options)
  return applyFixes(await runChecks(context, checks), context, {
    checks,
    dryRun: options.dryRun ?? false,
  })
}

/** That an Op could not be closed says more than that it is open. */
const withFailures = (
  findings: readonly Finding[],
  failures: readonly Finding[],
): readonly Finding[] => {
  const told = new Set(failures.map(({ id, invocation_id }) => `${id} ${invocation_id}`))
  const rest = findings.filter(({ id, invocation_id }) => !told.has(`${id} ${invocation_id}`))
  return [...failures, ...rest]
}

/**
 * Says what is wrong with a store of Ops, and where asked to, closes forgotten Ops and mends the rest,
 * in this order. Without `closeStale` and `fix` it changes nothing.
 *
 * @throws KittyError `UNKNOWN_CHECK`, `THRESHOLD_INVALID`, and what reading the folder throws
 * (`SYMLINK_REFUSED`, `NOT_READABLE`, …): then it could not look.
 */
export const doctorOps = async (options: DoctorOptions): Promise<DoctorReport> => {
  const checks = selectChecks(options.checks, options.deep)
  const dryRun = options.dryRun ?? false
  const swept = options.closeStale ? await closeStaleOps(lookAt(options), { dryRun }) : undefined
  const mended = await fixAll(options, checks)
  const context = lookAt(options)
  const [open, findings] = await Promise.all([openOps(context), runChecks(context, checks)])
  const left = withFailures(findings, swept?.failures ?? [])
  return {
    healthy: isHealthy(left),
    open_ops: swept?.open_ops ?? open.map((op) => reportOf(op)),
    findings: left,
    swept: swept?.swept ?? 0,
    skipped_fresh: swept?.skipped_fresh ?? 0,
    skipped_running: swept?.skipped_running ?? 0,
    threshold_hours: context.thresholdHours,
    mended: [...(swept?.planned ?? []), ...mended],
  }
}
