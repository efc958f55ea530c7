import { KittyError } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import type { Check, CheckContext } from '../check/check.js'
import type { DoctorReport, Finding } from '../check/wire.js'
import { applyFixes } from './apply-fixes.js'
import { closeStaleOps, openOpReports } from './close-stale.js'
import { inspect } from './inspect.js'
import { isHealthy } from './run-checks.js'
import { selectChecks } from './select-checks.js'

export type DoctorOptions = {
  /** The store. Fixes commit with its strategy. */
  readonly ops: Ops
  /** The age from which an open Op is stale, in hours. Default 24; 0 means any. */
  readonly thresholdHours?: number
  /** Close stale Ops as abandoned. */
  readonly closeStale?: boolean
  /** Fix the findings that are `fixable`. */
  readonly fix?: boolean
  /** Change nothing; `fixed` says what would be done. */
  readonly dryRun?: boolean
  /** The ids of the checks to run. Default: all that are not `deep`. */
  readonly checks?: readonly string[]
  /** Checks of your own. They run after the built-in checks, are selected by `checks` in the same way, and are fixed last. */
  readonly extraChecks?: readonly Check[]
  /** Also run the checks that need the whole history or scan every text. */
  readonly deep?: boolean
  /** Default: the system's clock. */
  readonly clock?: () => Date
  /** Called with the progress of the checks while they run. */
  readonly onProgress?: CheckContext['onProgress']
}

const DEFAULT_HOURS = 24

const hoursOf = ({ thresholdHours = DEFAULT_HOURS }: DoctorOptions): number => {
  if (thresholdHours >= 0) return thresholdHours
  throw new KittyError('THRESHOLD_INVALID', `Not a number of hours: ${thresholdHours}`, {
    hint: 'Use a number of hours, for example 24; with 0 every open Op is stale.',
  })
}

const contextFor = (options: DoctorOptions): CheckContext => ({
  ops: options.ops,
  now: (options.clock?.() ?? new Date()).getTime(),
  thresholdHours: hoursOf(options),
  deep: options.deep ?? false,
  ...(options.onProgress && { onProgress: options.onProgress }),
})

const fixAll = async (options: DoctorOptions, checks: readonly Check[]) => {
  if (options.fix !== true) return []
  const { context, inspection, lock } = await inspect(
    options.ops.root,
    () => contextFor(options),
    checks,
  )
  const dryRun = options.dryRun ?? false
  return applyFixes(inspection, context, { checks, dryRun, ...(lock && { lock }) })
}

/** Replaces the finding that an Op is stale by why it could not be closed. */
const withFailures = (
  findings: readonly Finding[],
  failures: readonly Finding[],
): readonly Finding[] => {
  const failed = new Set(failures.map(({ id, invocation_id }) => `${id} ${invocation_id}`))
  const rest = findings.filter(({ id, invocation_id }) => !failed.has(`${id} ${invocation_id}`))
  return [...failures, ...rest]
}

/**
 * Checks a store of Ops. If asked to, closes stale Ops first, then fixes what is `fixable`. Without `closeStale`
 * and `fix` it changes nothing.
 *
 * @throws KittyError `UNKNOWN_CHECK`, `CHECK_ID_TAKEN`, `THRESHOLD_INVALID`, and if the store could not be checked the
 * errors of reading the folder (`SYMLINK_REFUSED`, `NOT_READABLE`, …).
 */
export const doctorOps = async (options: DoctorOptions): Promise<DoctorReport> => {
  const checks = selectChecks(options.checks, options.deep, options.extraChecks)
  const dryRun = options.dryRun ?? false
  const swept = options.closeStale
    ? await closeStaleOps(contextFor(options), { dryRun })
    : undefined
  const fixed = await fixAll(options, checks)
  const { context, inspection } = await inspect(options.ops.root, () => contextFor(options), checks)
  const { open, findings, unchecked } = inspection
  const left = withFailures(findings, swept?.failures ?? [])
  return {
    healthy: isHealthy(left),
    open_ops: swept?.openOps ?? (await openOpReports(context, open)),
    findings: left,
    unchecked,
    swept: swept?.swept ?? 0,
    skipped_fresh: swept?.skippedFresh ?? 0,
    skipped_running: swept?.skippedRunning ?? 0,
    threshold_hours: context.thresholdHours,
    fixed: [...(swept?.applied ?? []), ...fixed],
  }
}
