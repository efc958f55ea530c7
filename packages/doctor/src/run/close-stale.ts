import { KittyError, type OpId } from '@kitty/record'
import type { CheckContext, Finding } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { describeError, nameOf } from '../check/wording.js'
import { staleOp } from '../checks/stale-op.js'
import { isStale, type OpenOp, openOps } from '../facts/open-ops.js'
import type { AppliedFix } from './apply-fixes.js'

/** An open Op, and what was done about it. */
export type OpenOpReport = {
  readonly invocation_id: OpId
  readonly profile_id: string
  readonly started_at: string
  /** In hours, to a hundredth; null where `started_at` cannot be read. */
  readonly age_hours: number | null
  readonly action_taken: 'none' | 'closed_abandoned' | 'already_closed'
}

/** What a sweep did. */
export type StaleReport = {
  readonly open_ops: readonly OpenOpReport[]
  /** How many Ops were closed as abandoned. */
  readonly swept: number
  /** How many were left open because they are younger than the threshold. */
  readonly skipped_fresh: number
  /** How many were left open because a command still runs under them. */
  readonly skipped_running: number
  /** The Ops that should have been closed, and why they could not be. */
  readonly failures: readonly Finding[]
  /** In a dry run: what would be done. */
  readonly planned: readonly AppliedFix[]
}

type Action = OpenOpReport['action_taken']
type ClosedStale = { readonly op: OpenOp; readonly action: Action; readonly error?: unknown }

// Many at once, so that one commit turn takes many; few enough to stay far from any limit of files.
const CONCURRENCY = 256

/** An open Op as it is reported. */
export const reportOf = (op: OpenOp, action: Action = 'none'): OpenOpReport => ({
  invocation_id: op.id,
  profile_id: op.profile_id,
  started_at: op.started_at,
  age_hours: op.ageHours === undefined ? null : Math.round(op.ageHours * 100) / 100,
  action_taken: action,
})

const close = async (op: OpenOp, { ops }: CheckContext): Promise<ClosedStale> => {
  try {
    const closing = { outcome: 'abandoned', closed_by: 'doctor_sweep' } as const
    const { already } = await ops.complete(op.id, closing)
    return { op, action: already ? 'already_closed' : 'closed_abandoned' }
  } catch (error) {
    const closedMeanwhile = error instanceof KittyError && error.code === 'ALREADY_CLOSED'
    return closedMeanwhile ? { op, action: 'already_closed' } : { op, action: 'none', error }
  }
}

const failureOf = ({ op, error }: ClosedStale): Finding => ({
  id: staleOp.id,
  severity: 'error',
  invocation_id: op.id,
  ...(op.path !== undefined && { path: op.path }),
  message: `${nameOf(op)} could not be closed: ${describeError(error)}`,
  fixable: false,
})

const plan = (op: OpenOp): AppliedFix => ({
  id: staleOp.id,
  invocation_id: op.id,
  message: `Would close ${nameOf(op)} as abandoned.`,
  done: false,
})

/**
 * Closes the open Ops that are as old as the threshold, or older, as `abandoned`, `closed_by: doctor_sweep`. The
 * age decides, not whether the opener lives: a process may well have forgotten its Op. But one under which a command
 * still runs is left: how that ends is its outcome. One that cannot be closed is reported and stops nobody. In a dry run nothing is closed.
 */
export const closeStaleOps = async (
  context: CheckContext,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<StaleReport> => {
  const ops = await openOps(context)
  const old = ops.filter((op) => isStale(op, context))
  const stale = old.filter((op) => op.runs !== true)
  const swept = dryRun ? [] : await mapConcurrent(stale, CONCURRENCY, (op) => close(op, context))
  const actions = new Map(swept.map(({ op, action }) => [op.id, action]))
  return {
    open_ops: ops.map((op) => reportOf(op, actions.get(op.id))),
    swept: swept.filter(({ action }) => action === 'closed_abandoned').length,
    skipped_fresh: ops.length - old.length,
    skipped_running: old.length - stale.length,
    failures: swept.filter(({ action }) => action === 'none').map(failureOf),
    planned: dryRun ? stale.map(plan) : [],
  }
}
