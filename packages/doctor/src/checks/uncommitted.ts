import type { OpId } from '@kitty/record'
import type { LedgerResult } from '@kitty/writer'
import { recordPath } from '@kitty/writer/internals'
import {
  type Check,
  type CheckContext,
  defineCheck,
  type Finding,
  type Fix,
  type FixOutcome,
} from '../check/check.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import type { NextStep } from '../check/next-step.js'
import { reasonOf } from '../check/wording.js'
import {
  type CommitObstacle,
  commitObstacle,
  ignoreObstacles,
  ledgerObstacle,
} from '../facts/commit-obstacle.js'
import { committedIntents } from '../facts/committed-intents.js'
import { isToCommit, type Pending, pendingOps } from '../facts/pending-ops.js'
import { commitAgain } from '../fixes/commit-again.js'

/** A pending Op, and what keeps it from being committed now. */
type Waiting = Pending & { readonly obstacle?: CommitObstacle }

const FIX: NextStep = { verb: 'fix' }

const MEANING: Readonly<Record<Pending['state'], string>> = {
  closed: 'The Op is closed, but not committed yet.',
  archived: 'The Op is closed and archived, but not committed.',
  changed:
    'The Op is closed, but not committed, and the file on disk is not the record that was closed. Move the file away; then the closed record can be restored.',
  'cut-off': 'The close of the Op was interrupted; nothing is lost.',
  gone: 'The Op is closed, but not committed, and its record is gone from disk; nothing is lost.',
}

/** The states in which the fix writes the record, whether or not it can be committed. */
const RESTORED: ReadonlySet<Pending['state']> = new Set(['cut-off', 'gone'])

/** What keeps an Op out of a branch does not keep it out of the ledger. */
const isFixable = ({ state, obstacle, lacksLedger }: Waiting): boolean =>
  RESTORED.has(state) || (state === 'closed' && (obstacle === undefined || lacksLedger === true))

/** Why closed Ops are not committed: what is known now, else what the last attempt said. */
const why = (
  { state, obstacle, lacksLedger, reason }: Waiting,
  [them, whose]: readonly [them: string, whose: string],
): string => {
  if (state !== 'closed') return ''
  if (obstacle !== undefined) {
    return ` ${obstacle.message}${lacksLedger ? ` The fix adds ${them} to the ledger.` : ''}`
  }
  return reason === undefined ? '' : ` The last attempt${whose} failed: ${reasonOf(reason)}`
}

const nextFor = ({ state, path, obstacle }: Waiting): readonly NextStep[] => {
  if (state === 'archived') {
    return [
      { verb: 'git-add', path },
      { verb: 'git-commit', path },
    ]
  }
  return state === 'closed' ? [...(obstacle?.next ?? []), FIX] : [FIX]
}

const single = (op: Waiting): Finding => ({
  id: uncommitted.id,
  severity: 'warning',
  invocation_id: op.id,
  path: op.path,
  message: `${MEANING[op.state]}${why(op, ['it', ''])}`,
  fixable: isFixable(op),
  next: nextFor(op),
})

/** They have no intent, so no attempt is known: their state was deleted, or other software wrote them. */
const NEVER_TRIED = ''

/** What Ops that wait for the same thing share: the obstacle, or the kind of the last result without its paths. */
const reasonKey = ({ state, obstacle, lacksLedger, reason }: Waiting): string | undefined => {
  if (state !== 'closed') return undefined
  if (obstacle !== undefined) return `${lacksLedger === true} ${obstacle.message}`
  if (reason === undefined) return NEVER_TRIED
  return reason.status === 'deferred' ? reason.reason : reason.code
}

const groupsOf = (waiting: readonly Waiting[]): readonly (readonly Waiting[])[] => {
  const groups = new Map<string, Waiting[]>()
  for (const op of waiting) {
    const key = reasonKey(op) ?? op.id
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [op])
    else group.push(op)
  }
  return [...groups.values()]
}

const idsOf = (group: readonly Pending[]): readonly OpId[] => group.map(({ id }) => id)

/** Makes one finding for Ops that wait for the same thing. */
const together = (group: readonly Waiting[]): readonly Finding[] => {
  const [first, second] = group
  if (first === undefined || second === undefined) return group.map(single)
  return [
    {
      id: uncommitted.id,
      severity: 'warning',
      invocation_ids: idsOf(group),
      message: `${group.length} Ops are closed, but not committed yet.${why(first, ['them', ' for one of them'])}`,
      fixable: isFixable(first),
      next: nextFor(first),
    },
  ]
}

/** Committing is off on purpose: that is worth one line. */
const turnedOff = (group: readonly Pending[]): readonly Finding[] => {
  if (group.length === 0) return []
  const message = `Committing is turned off, so ${group.length === 1 ? 'a closed Op is' : `${group.length} closed Ops are`} in no branch.`
  const base = { id: uncommitted.id, severity: 'info' } as const
  return [{ ...base, invocation_ids: idsOf(group), message, fixable: false, next: [] }]
}

/** What the ledger holds and no branch needs is one count; with the ledger alone, nothing else is meant to happen. */
const onlyInLedger = async (
  context: CheckContext,
  group: readonly Pending[],
): Promise<readonly Finding[]> => {
  if (group.length === 0 || context.ops.strategy.home === 'ref') return []
  const obstacle = await commitObstacle(context)
  const what = group.length === 1 ? 'A closed Op is' : `${group.length} closed Ops are`
  const them = group.length === 1 ? 'it' : 'them'
  const why = obstacle === undefined ? '' : ` ${obstacle.message}`
  return [
    {
      id: uncommitted.id,
      severity: 'info',
      invocation_ids: idsOf(group).toSorted(),
      message: `${what} in the ledger, but not in the branch that is checked out; nothing is lost. The fix commits ${them} to the current branch.${why}`,
      fixable: obstacle === undefined,
      next: [...(obstacle?.next ?? []), FIX],
    },
  ]
}

/** They were closed elsewhere, and another branch has them: git, which began to bring them, must finish that. */
const fromOtherBranch = ({ ops }: CheckContext, group: readonly Pending[]): readonly Finding[] => {
  if (ops.strategy.home === 'ref') return []
  const where = 'on the disk and at the tip of another branch, but not in HEAD'
  const why = 'git has not finished a pull or a merge, or was interrupted. Nothing is lost.'
  return findingAbout(group, {
    id: uncommitted.id,
    severity: 'info',
    fixable: false,
    one: `The record is ${where}: ${why}`,
    many: (count) => `${count} records are ${where}: ${why}`,
    next: () => [{ verb: 'git-status' }],
  })
}

const isRefusal = (
  result: LedgerResult,
): result is Exclude<LedgerResult, { status: 'committed' }> => result.status !== 'committed'

/** Ops that the branch has and the ledger lacks: an attempt to add them failed, or was cut off. */
const notInLedger = async (context: CheckContext): Promise<readonly Finding[]> => {
  const intents = (await committedIntents(context)).notInLedger
  const last = intents.flatMap(({ result }) => result?.ledger ?? []).find(isRefusal)
  const obstacle = (await ledgerObstacle(context)) ?? last?.message
  const why = obstacle === undefined ? '' : ` ${obstacle}`
  return findingAbout(
    intents.map(({ id }) => ({ id, path: recordPath(id) })),
    {
      id: uncommitted.id,
      severity: 'warning',
      fixable: true,
      one: `The Op is committed, but not in the ledger yet.${why}`,
      many: (count) => `${count} Ops are committed, but not in the ledger yet.${why}`,
      next: () => [FIX],
    },
  )
}

const isComplete = ({ state }: Pending): boolean => state === 'closed' || state === 'archived'

const withObstacles = async (
  context: CheckContext,
  pending: readonly Pending[],
): Promise<readonly Waiting[]> => {
  const closed = pending.filter(({ state }) => state === 'closed')
  if (closed.length === 0) return pending
  const paths = closed.map(({ path }) => path)
  const [every, ignored] = [await commitObstacle(context), await ignoreObstacles(context, paths)]
  const isLedgerBlocked = (await ledgerObstacle(context)) !== undefined
  return pending.map(({ lacksLedger, ...op }): Waiting => {
    const obstacle = every ?? ignored.get(op.path)
    return {
      ...op,
      ...(lacksLedger && !isLedgerBlocked && { lacksLedger }),
      ...(obstacle && { obstacle }),
    }
  })
}

const findingsFor = async (
  context: CheckContext,
  all: readonly Pending[],
): Promise<readonly Finding[]> => {
  const pending = all.filter(isToCommit)
  const coming = fromOtherBranch(
    context,
    all.filter(({ isComing }) => isComing),
  )
  if (context.ops.strategy.commits !== false) {
    return [
      ...groupsOf(await withObstacles(context, pending)).flatMap(together),
      ...(await onlyInLedger(
        context,
        all.filter(({ isSettled }) => isSettled),
      )),
      ...(await notInLedger(context)),
      ...coming,
    ]
  }
  const broken = pending.filter((op) => !isComplete(op))
  return [...broken.map(single), ...turnedOff(pending.filter(isComplete)), ...coming]
}

const isClosedOnDisk = async ({ ops }: CheckContext, id: OpId): Promise<boolean> =>
  (await ops.read(id).catch(() => undefined))?.record.status === 'closed'

/** How many of these Ops the ledger holds now, although no branch does. */
const countAdded = async ({ ops }: CheckContext, ids: readonly OpId[]): Promise<number> => {
  const intents = await ops.pending()
  return intents.filter(
    ({ id, result }) => ids.includes(id) && result?.ledger?.status === 'committed',
  ).length
}

/**
 * A record that was cut off or gone is fixed once it is complete on disk, committed or not; one that the ledger lacked,
 * once the ledger holds it.
 */
const commitOrRestore: Fix<{ waiting: typeof pendingOps }> = {
  plan: commitAgain.plan,
  apply: async (finding, context, facts): Promise<FixOutcome> => {
    const outcome = await commitAgain.apply(finding, context, facts)
    if (outcome.done) return outcome
    const all = (await facts.waiting()).filter((op) => opIdsOf(finding).includes(op.id))
    const lacking = all.filter(({ lacksLedger }) => lacksLedger).map((op) => op.id)
    const added = await countAdded(context, lacking)
    if (added > 0 && added === all.length) {
      return { done: true, message: `Added to the ledger. ${outcome.message}` }
    }
    const id = finding.invocation_id
    if (id === undefined) return outcome
    const before = all.find((op) => op.id === id)
    const isRestored =
      before !== undefined && RESTORED.has(before.state) && (await isClosedOnDisk(context, id))
    if (!isRestored) return outcome
    return { done: true, message: `Its record is complete again. ${outcome.message}` }
  },
}

/** Ops that are closed and not in HEAD. Outside git, and with the ledger alone, that is normal, and not a finding. */
export const uncommitted: Check = defineCheck({
  id: 'uncommitted',
  needs: { waiting: pendingOps },
  run: async (context, { waiting }) => findingsFor(context, await waiting()),
  fix: commitOrRestore,
})
