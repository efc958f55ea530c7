import { join } from 'node:path'
import { readWorkTree } from '../repository/work-tree.js'

/**
 * The lock files, absolute, that git makes where a commit of an Op moves the branch: that of HEAD, and those of the
 * branch under the name that HEAD has for it and under its own. None outside git.
 */
export const refLockPaths = async (root: string): Promise<readonly string[]> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return []
  const { gitDir, commonDir, head } = workTree
  const refs = head.kind === 'branch' ? [head.target, head.ref] : []
  const branch = refs.map((ref) => join(commonDir, `${ref}.lock`))
  return [...new Set([join(gitDir, 'HEAD.lock'), ...branch])]
}
