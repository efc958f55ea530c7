import type { Check, CheckContext, Finding } from '../check/check.js'
import { type OtherWorkTree, otherWorkTrees } from '../facts/other-work-trees.js'
import { countBoth, treeName, workTreeFinding } from '../facts/work-tree-findings.js'

const findingOf = (tree: OtherWorkTree): Finding =>
  workTreeFinding(tree, [...tree.open.map(({ id }) => id), ...tree.pending], {
    id: otherWorkTree.id,
    severity: 'info',
    message: `The work tree ${treeName(tree)} has ${countBoth(tree)}.`,
    fixable: false,
    next: tree.rootsWithOps.map((path) => ({ verb: 'doctor-there', path })),
  })

const run = async (context: CheckContext): Promise<readonly Finding[]> =>
  (await otherWorkTrees(context))
    .filter(({ status, open, pending }) => status === 'present' && open.length + pending.length > 0)
    .map(findingOf)

/** Open and pending Ops of the other work trees that are present. */
export const otherWorkTree: Check = { id: 'other-work-tree', run }
