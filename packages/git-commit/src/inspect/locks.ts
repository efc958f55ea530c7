import { join } from 'node:path'
import { readWorkTree } from '../repository/work-tree.js'

/**
 * Returns the absolute paths of the lock files that git creates when an Op's commit moves the branch: that of HEAD,
 * that of the ref that HEAD names, and that of the ref to which it resolves. Empty outside git.
 */
export const refLockPaths = async (root: string): Promise<readonly string[]> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return []
  const { gitDir, commonDir, head } = workTree
  const refs = head.kind === 'branch' ? [head.target, head.ref] : []
  const branch = refs.map((ref) => join(commonDir, `${ref}.lock`))
  return [...new Set([join(gitDir, 'HEAD.lock'), ...branch])]
}
