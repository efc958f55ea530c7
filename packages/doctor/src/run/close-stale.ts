import { isKittyError } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import type { CheckContext, Finding } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import type { AppliedFix, OpenOpReport } from '../check/wire.js'
import { describeError, nameOf, reasonOf } from '../check/wording.js'
import { goneWorkTree } from '../checks/gone-work-tree.js'
import { staleOp } from '../checks/stale-op.js'
import { unreachableWorkTree } from '../checks/unreachable-work-tree.js'
import { frozenTest, pulledTest } from '../facts/frozen-ops.js'
import { waitForGit } from '../facts/git-at-work.js'
import { allOpenOps, isStale, type OpenOp } from '../facts/open-ops.js'
import { isSweepable, type OtherWorkTree, otherWorkTrees } from '../facts/other-work-trees.js'
import { beginRun } from '../facts/record-pass.js'
import { hasLedger } from '../facts/work-tree.js'
import { treeName, workTreeRef } from '../facts/work-tree-findings.js'

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
  /** The Ops of other work trees that were closed here; in a dry run, everything that would be done. */
  readonly applied: readonly AppliedFix[]
}

type Action = OpenOpReport['action_taken']

/** An open Op, and the work tree that has it, if it is another one. */
type Candidate = { readonly op: OpenOp; readonly tree?: OtherWorkTree }
type ClosedStale = Candidate & {
  readonly action: Action
  readonly error?: unknown
  /** The result for the ledger, if the record is nowhere else. */
  readonly commit?: CommitResult
}

// Many at once, so that one batch has many; few enough to stay below any limit on open files.
const CONCURRENCY = 100

/** Makes the report of an open Op. */
const reportOf = ({ op, tree }: Candidate, action: Action = 'none'): OpenOpReport => ({
  invocation_id: op.id,
  profile_id: op.profileId,
  started_at: op.startedAt,
  age_hours: op.ageHours === undefined ? null : Math.round(op.ageHours * 100) / 100,
  action_taken: action,
  ...(tree && { work_tree: workTreeRef(tree) }),
})

const oldestFirst = (a: Candidate, b: Candidate): number => (a.op.id < b.op.id ? -1 : 1)

/** The open Ops of this work tree, and of those that are out of reach or gone. */
const candidatesFor = async (
  context: CheckContext,
  open: readonly OpenOp[],
): Promise<readonly Candidate[]> => {
  // If they cannot be read, their checks report it.
  const trees = await otherWorkTrees(context).catch(() => [])
  const here = new Set(open.map(({ id }) => id))
  const elsewhere = trees
    .filter(({ status }) => status !== 'present')
    .flatMap((tree) => tree.open.map((op) => ({ op, tree })))
  return [
    ...open.map((op) => ({ op })),
    ...elsewhere.filter(({ op }) => !here.has(op.id)),
  ].toSorted(oldestFirst)
}

/** Makes the reports of the open Ops of this work tree, and of those that are out of reach or gone. */
export const openOpReports = async (
  context: CheckContext,
  open: readonly OpenOp[],
): Promise<readonly OpenOpReport[]> =>
  (await candidatesFor(context, open)).map((each) => reportOf(each))

/** Whether the record of an Op goes into the ledger and nowhere else: its work tree is gone. */
const isForLedger = ({ tree }: Candidate, context: CheckContext): boolean =>
  tree?.status === 'gone' && hasLedger(context)

const close = async (candidate: Candidate, context: CheckContext): Promise<ClosedStale> => {
  try {
    const closing = { outcome: 'abandoned', closed_by: 'doctor_sweep' } as const
    const { already, commit } = await context.ops.complete(candidate.op.id, closing)
    return {
      ...candidate,
      action: already ? 'already_closed' : 'closed_abandoned',
      ...(isForLedger(candidate, context) && { commit }),
    }
  } catch (error) {
    const closedMeanwhile = isKittyError(error) && error.code === 'ALREADY_CLOSED'
    return closedMeanwhile
      ? { ...candidate, action: 'already_closed' }
      : { ...candidate, action: 'none', error }
  }
}

/** Takes over an Op of another work tree. Returns `undefined` if it can be closed here now. */
const takeOver = async (
  candidate: Candidate,
  { ops }: CheckContext,
): Promise<ClosedStale | undefined> => {
  if (candidate.tree === undefined) return undefined
  try {
    // Without it, another process has just taken it over, perhaps one in this work tree.
    const isHere = (await ops.adopt(candidate.op.id)) || (await ops.startNote(candidate.op.id))
    return isHere ? undefined : { ...candidate, action: 'none' }
  } catch (error) {
    return { ...candidate, action: 'none', error }
  }
}

/** Closes Ops. Those of other work trees are closed or taken over one by one, since each needs the lock of its state. */
const closeAll = async (
  candidates: readonly Candidate[],
  context: CheckContext,
): Promise<readonly ClosedStale[]> => {
  const elsewhere: ClosedStale[] = []
  const here: Candidate[] = []
  for (const candidate of candidates) {
    if (isForLedger(candidate, context)) {
      elsewhere.push(await close(candidate, context))
      continue
    }
    const failed = await takeOver(candidate, context)
    if (failed === undefined) here.push(candidate)
    else elsewhere.push(failed)
  }
  return [...elsewhere, ...(await mapConcurrent(here, CONCURRENCY, (each) => close(each, context)))]
}

const messageOf = (error: unknown): string =>
  isKittyError(error) ? error.message : describeError(error)

const checkOf = ({ tree }: Candidate): string => {
  if (tree === undefined) return staleOp.id
  return tree.status === 'gone' ? goneWorkTree.id : unreachableWorkTree.id
}

const failureOf = (failed: ClosedStale): Finding => {
  const { op, tree, error } = failed
  return {
    id: checkOf(failed),
    severity: 'error',
    invocation_id: op.id,
    ...(op.path !== undefined && { path: op.path }),
    ...(tree && { work_tree: workTreeRef(tree) }),
    message: `${nameOf(op)} could not be closed: ${messageOf(error)}`,
    fixable: false,
    next: op.path === undefined ? [] : [{ verb: 'validate', path: op.path }],
  }
}

const whereTo = (candidate: Candidate, context: CheckContext): string => {
  const { tree } = candidate
  if (tree === undefined) return ''
  const what = isForLedger(candidate, context)
    ? 'add its record to the ledger'
    : 'write its record here'
  return `, and ${what}: it was opened in ${treeName(tree)}`
}

const plan = (candidate: Candidate, context: CheckContext): AppliedFix => ({
  id: checkOf(candidate),
  invocation_id: candidate.op.id,
  message: `Would close ${nameOf(candidate.op)} as abandoned${whereTo(candidate, context)}.`,
  done: false,
})

/** Where the records of these Ops of a work tree are now. */
const whereNow = (closed: readonly ClosedStale[]): string => {
  const results = closed.flatMap(({ commit }) => commit ?? [])
  const [only, second] = closed
  const whose = only !== undefined && second === undefined ? 'its record is' : 'their records are'
  if (results.length === 0) return `${whose} here now`
  const [waiting] = results.filter(({ status }) => status !== 'committed')
  if (waiting === undefined) return `${whose} in the ledger now`
  return `${whose} kept, but not all in the ledger yet: ${reasonOf(waiting).replace(/\.$/, '')}`
}

/** Says which Ops of a work tree were closed: in one sentence, since it can have had hundreds. */
const closedHere = (tree: OtherWorkTree, all: readonly ClosedStale[]): readonly AppliedFix[] => {
  const closed = all.filter((each) => each.tree === tree && each.action === 'closed_abandoned')
  const [first, second] = closed
  if (first === undefined) return []
  const id = checkOf(first)
  const from = `opened in ${treeName(tree)}`
  if (second === undefined) {
    const message = `Closed ${nameOf(first.op)} as abandoned; it was ${from}, and ${whereNow(closed)}.`
    return [{ id, invocation_id: first.op.id, message, done: true }]
  }
  const message = `Closed ${closed.length} Ops as abandoned; they were ${from}, and ${whereNow(closed)}.`
  return [{ id, message, done: true }]
}

/**
 * Closes stale Ops as `abandoned`, `closed_by: doctor_sweep`. The age decides, not whether the opener is running:
 * a running process can forget to close its Op. An Op under which a command still runs is left open: how the command
 * ends is its outcome. One that HEAD holds is left where there is `op-closures.jsonl`, and if it was not opened in this
 * clone. An Op that cannot be closed is reported and does not stop the others. Ops of work trees that are gone are closed in
 * the ledger, or without one taken over, as are those of work trees that are out of reach and cannot be at work in their
 * place. A dry run closes none.
 */
export const closeStaleOps = async (
  context: CheckContext,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<StaleReport> => {
  await waitForGit(context.ops.root)
  const open = await beginRun(context, [allOpenOps])({ open: allOpenOps }).open()
  const all = await candidatesFor(context, open)
  const candidates = all.filter(({ tree }) => tree === undefined || isSweepable(tree))
  const old = candidates.filter(({ op }) => isStale(op, context))
  const idle = old.filter(({ op }) => op.runs !== true)
  // The check `stale-op` reports them, with the way to close them.
  const isFrozen = await frozenTest(
    context,
    idle.map(({ op }) => op),
  )
  const isPulled = await pulledTest(
    context,
    idle.map(({ op }) => op),
  )
  const stale = idle.filter(({ op }) => !isFrozen(op) && !isPulled(op))
  const swept = dryRun ? [] : await closeAll(stale, context)
  const trees = [...new Set(swept.flatMap(({ tree }) => tree ?? []))]
  const actions = new Map(swept.map(({ op, action }) => [op.id, action]))
  return {
    openOps: all.map((each) => reportOf(each, actions.get(each.op.id))),
    swept: swept.filter(({ action }) => action === 'closed_abandoned').length,
    skippedFresh: candidates.length - old.length,
    skippedRunning: old.length - idle.length,
    failures: swept.filter(({ error }) => error !== undefined).map(failureOf),
    applied: dryRun
      ? stale.map((each) => plan(each, context))
      : trees.flatMap((tree) => closedHere(tree, swept)),
  }
}
