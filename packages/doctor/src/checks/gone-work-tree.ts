import type { OpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { removeEmptyState, removeStartNote } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'
import { opIdsOf } from '../check/finding.js'
import { memoized } from '../check/memo.js'
import type { NextStep } from '../check/next-step.js'
import { reasonOf } from '../check/wording.js'
import { type CommitObstacle, commitObstacle, ledgerObstacle } from '../facts/commit-obstacle.js'
import { isStale } from '../facts/open-ops.js'
import { type OtherWorkTree, otherWorkTrees } from '../facts/other-work-trees.js'
import { hasLedger, workTreeOf } from '../facts/work-tree.js'
import { countOps, treeName, workTreeFinding } from '../facts/work-tree-findings.js'

const goneTrees = async (context: CheckContext): Promise<readonly OtherWorkTree[]> =>
  (await otherWorkTrees(context)).filter(({ status }) => status === 'gone')

const nextForOpen = ({ open }: OtherWorkTree, context: CheckContext): readonly NextStep[] => {
  const [first, second] = open
  if (first === undefined) return []
  const isOld = open.some((op) => isStale(op, context))
  if (second === undefined) return [{ verb: isOld ? 'abandon' : 'close', id: first.id }]
  return isOld ? [{ verb: 'close-stale' }] : []
}

const whereClosed = (context: CheckContext): string =>
  hasLedger(context) ? 'the record then goes into the ledger' : 'the record is then written here'

const aboutOpen = (tree: OtherWorkTree, context: CheckContext): readonly Finding[] => {
  const { open } = tree
  if (open.length === 0) return []
  const message = `The work tree ${treeName(tree)} was removed. It had ${countOps(open.length, 'open')}, which can be closed from here by id; ${whereClosed(context)}.`
  const base = { id: goneWorkTree.id, severity: 'warning', fixable: false, message } as const
  const ids = open.map(({ id }) => id)
  return [workTreeFinding(tree, ids, { ...base, next: nextForOpen(tree, context) })]
}

/** What keeps every Op from being added to the ledger now. `ledger-rewound` and `ledger-damaged` say what to do. */
const ledgerBlocks = async (context: CheckContext): Promise<CommitObstacle | undefined> => {
  const message = await ledgerObstacle(context)
  return message === undefined ? undefined : { message, next: [] }
}

const aboutPending = async (
  tree: OtherWorkTree,
  context: CheckContext,
): Promise<readonly Finding[]> => {
  const { pending } = tree
  if (pending.length === 0) return []
  const isForLedger = hasLedger(context)
  const obstacle = isForLedger ? await ledgerBlocks(context) : await commitObstacle(context)
  const why = obstacle === undefined ? '' : ` ${obstacle.message}`
  const what = isForLedger ? 'adds them to the ledger' : 'takes them over and commits them here'
  const message = `The work tree ${treeName(tree)} was removed. It had ${countOps(pending.length, 'pending')}; nothing is lost: the fix ${what}.${why}`
  return [
    workTreeFinding(tree, pending, {
      id: goneWorkTree.id,
      severity: 'warning',
      message,
      fixable: obstacle === undefined,
      next: [...(obstacle?.next ?? []), { verb: 'fix' }],
    }),
  ]
}

const isLeftOver = ({ open, pending }: OtherWorkTree): boolean => open.length + pending.length === 0

/** Makes one finding for all of them: removing a work tree is nothing unusual. */
const aboutLeftOvers = (trees: readonly OtherWorkTree[]): readonly Finding[] => {
  if (trees.length === 0) return []
  const whose = trees.length === 1 ? 'a removed work tree' : `${trees.length} removed work trees`
  const message = `The git directory keeps state of ${whose}, although no Op needs it.`
  const base = { id: goneWorkTree.id, severity: 'info', fixable: true } as const
  return [{ ...base, message, next: [{ verb: 'fix' }] }]
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const trees = await goneTrees(context)
  const pending = await Promise.all(trees.map((tree) => aboutPending(tree, context)))
  return [
    ...pending.flat(),
    ...trees.flatMap((tree) => aboutOpen(tree, context)),
    ...aboutLeftOvers(trees.filter(isLeftOver)),
  ]
}

/**
 * Adds the closed Ops of all work trees that are gone to the ledger; without one, takes them over and commits them here.
 * In one batch.
 */
const takenOver = memoized(async (context): Promise<ReadonlyMap<OpId, CommitResult>> => {
  if (hasLedger(context)) return context.ops.commitGone()
  for (const { pending, settled } of await goneTrees(context)) {
    // One that another process has just taken over, or closes now, is left to it.
    for (const id of [...pending, ...settled]) await context.ops.adopt(id).catch(() => false)
  }
  return context.ops.flush({ allStrategies: true })
})

const commitHere = async (ids: readonly OpId[], context: CheckContext): Promise<FixOutcome> => {
  const results = await takenOver(context)
  const found = ids.flatMap((id) => results.get(id) ?? [])
  const left = found.filter(({ status }) => status !== 'committed')
  const done = hasLedger(context)
    ? `Added ${found.length - left.length} of ${ids.length} from a removed work tree to the ledger.`
    : `Took over ${found.length} of ${ids.length} from a removed work tree; committed ${found.length - left.length} with the strategy "${context.ops.strategy.name}".`
  const [first] = left
  if (first === undefined) return { done: true, message: done }
  const isOff = left.every(({ status }) => status === 'skipped')
  return { done: isOff, message: `${done} The first of the others was not: ${reasonOf(first)}` }
}

const cleanUp = async (context: CheckContext): Promise<FixOutcome> => {
  await takenOver(context)
  const tree = await workTreeOf(context)
  const empty = (await goneTrees(context)).filter(isLeftOver)
  const needless = empty.flatMap(({ needlessNotes }) => needlessNotes)
  await Promise.all(needless.map(({ dir, id }) => removeStartNote(dir, id)))
  const removed = await Promise.all(
    empty.map(({ id }) => tree !== undefined && removeEmptyState(tree.commonDir, id)),
  )
  const count = removed.filter(Boolean).length
  const message = `Removed the state of ${count} of ${empty.length} removed work tree${empty.length === 1 ? '' : 's'}.`
  return { done: count === empty.length, message }
}

const fix: Fix = {
  plan: (finding, context) => {
    const { length } = opIdsOf(finding)
    if (length === 0) return 'Would remove the state of work trees that are gone.'
    const what = `${countOps(length, 'pending')} of a removed work tree`
    return hasLedger(context)
      ? `Would add ${what} to the ledger.`
      : `Would take over ${what} and commit them with the strategy "${context.ops.strategy.name}".`
  },
  apply: async (finding, context) => {
    const ids = opIdsOf(finding)
    return ids.length === 0 ? cleanUp(context) : commitHere(ids, context)
  },
}

/** Open and pending Ops of work trees that were removed, and what else is left of them. */
export const goneWorkTree: Check = { id: 'gone-work-tree', run, fix }
