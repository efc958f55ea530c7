import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findWorkTree } from './git-dir.js'

/** Whether a work tree may keep files off the disk; told by a file of git's, without starting it. */
export const hasSparseCheckout = async (root: string): Promise<boolean> => {
  const tree = await findWorkTree(root)
  return tree !== undefined && existsSync(join(tree.gitDir, 'info', 'sparse-checkout'))
}
