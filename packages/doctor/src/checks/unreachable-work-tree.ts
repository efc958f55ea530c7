import type { Check, CheckContext, Finding } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { isStale } from '../facts/open-ops.js'
import { isSweepable, type OtherWorkTree, otherWorkTrees } from '../facts/other-work-trees.js'
import { countBoth, treeName, workTreeFinding } from '../facts/work-tree-findings.js'

const nextFor = (tree: OtherWorkTree, isAnyStale: boolean): readonly NextStep[] => {
  const [first, second] = tree.open
  if (first === undefined) return []
  if (second === undefined) return [{ verb: isAnyStale ? 'abandon' : 'close', id: first.id }]
  return isAnyStale && isSweepable(tree) ? [{ verb: 'close-stale' }] : []
}

const findingOf = (tree: OtherWorkTree, context: CheckContext): Finding => {
  const isAnyStale = tree.open.some((op) => op.runs !== true && isStale(op, context))
  const lock = tree.isLocked ? ' It is locked.' : ''
  return workTreeFinding(tree, [...tree.open.map(({ id }) => id), ...tree.pending], {
    id: unreachableWorkTree.id,
    severity: isAnyStale ? 'warning' : 'info',
    message: `The work tree ${treeName(tree)} is out of reach: it is on another mount or in a container, or its folder was moved or deleted. It has ${countBoth(tree)}.${lock} Open Ops can be closed from here by their ids.`,
    fixable: false,
    next: nextFor(tree, isAnyStale),
  })
}

const run = async (context: CheckContext): Promise<readonly Finding[]> =>
  (await otherWorkTrees(context))
    .filter(
      ({ status, open, pending }) => status === 'unreachable' && open.length + pending.length > 0,
    )
    .map((tree) => findingOf(tree, context))

/** Open and pending Ops of work trees that git knows and whose folder is not here. */
export const unreachableWorkTree: Check = { id: 'unreachable-work-tree', run }
