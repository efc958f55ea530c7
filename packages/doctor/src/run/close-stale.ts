import { isKittyError } from '@kitty/record'
import type { CheckContext, Finding } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import type { AppliedFix, OpenOpReport } from '../check/wire.js'
import { describeError, nameOf } from '../check/wording.js'
import { staleOp } from '../checks/stale-op.js'
import { allOpenOps, isStale, type OpenOp } from '../facts/open-ops.js'
import { beginRun } from '../facts/record-pass.js'

/** The result of closing stale Ops. */
export type StaleReport = {
  readonly openOps: readonly OpenOpReport[]
  /** How many Ops were closed as abandoned. */
  readonly swept: number
  /** How many were left open because they are younger than the threshold. */
  readonly skippedFresh: number
  /** How many were left open because a command still runs under them. */
  readonly skippedRunning: number
  /** The stale Ops that could not be closed, and why. */
  readonly failures: readonly Finding[]
  /** In a dry run: what would be done. */
  readonly planned: readonly AppliedFix[]
}

type Action = OpenOpReport['action_taken']
type ClosedStale = { readonly op: OpenOp; readonly action: Action; readonly error?: unknown }

// Many at once, so that one batch has many; few enough to stay below any limit on open files.
const CONCURRENCY = 256

/** Makes the report of an open Op. */
export const reportOf = (op: OpenOp, action: Action = 'none'): OpenOpReport => ({
  invocation_id: op.id,
  profile_id: op.profileId,
  started_at: op.startedAt,
  age_hours: op.ageHours === undefined ? null : Math.round(op.ageHours * 100) / 100,
  action_taken: action,
})

const close = async (op: OpenOp, { ops }: CheckContext): Promise<ClosedStale> => {
  try {
    const closing = { outcome: 'abandoned', closed_by: 'doctor_sweep' } as const
    const { already } = await ops.complete(op.id, closing)
    return { op, action: already ? 'already_closed' : 'closed_abandoned' }
  } catch (error) {
    const closedMeanwhile = isKittyError(error) && error.code === 'ALREADY_CLOSED'
    return closedMeanwhile ? { op, action: 'already_closed' } : { op, action: 'none', error }
  }
}

const messageOf = (error: unknown): string =>
  isKittyError(error) ? error.message : describeError(error)

const failureOf = ({ op, error }: ClosedStale): Finding => ({
  id: staleOp.id,
  severity: 'error',
  invocation_id: op.id,
  ...(op.path !== undefined && { path: op.path }),
  message: `${nameOf(op)} could not be closed: ${messageOf(error)}`,
  fixable: false,
  next: op.path === undefined ? [] : [{ verb: 'validate', path: op.path }],
})

const plan = (op: OpenOp): AppliedFix => ({
  id: staleOp.id,
  invocation_id: op.id,
  message: `Would close ${nameOf(op)} as abandoned.`,
  done: false,
})

/**
 * Closes stale Ops as `abandoned`, `closed_by: doctor_sweep`. The age decides, not whether the opener is running:
 * a running process can forget to close its Op. An Op under which a command still runs is left open: how the command
 * ends is its outcome. An Op that cannot be closed is reported and does not stop the others. A dry run closes none.
 */
export const closeStaleOps = async (
  context: CheckContext,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<StaleReport> => {
  const ops = await beginRun(context, [allOpenOps])({ open: allOpenOps }).open()
  const old = ops.filter((op) => isStale(op, context))
  const stale = old.filter((op) => op.runs !== true)
  const swept = dryRun ? [] : await mapConcurrent(stale, CONCURRENCY, (op) => close(op, context))
  const actions = new Map(swept.map(({ op, action }) => [op.id, action]))
  return {
    openOps: ops.map((op) => reportOf(op, actions.get(op.id))),
    swept: swept.filter(({ action }) => action === 'closed_abandoned').length,
    skippedFresh: ops.length - old.length,
    skippedRunning: old.length - stale.length,
    failures: swept.filter(({ action }) => action === 'none').map(failureOf),
    planned: dryRun ? stale.map(plan) : [],
  }
}
