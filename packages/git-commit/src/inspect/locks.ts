import { join } from 'node:path'
import { ledgerRefOf } from '../ledger/layout.js'
import { readOwnWriter } from '../ledger/own-writer.js'
import { readWorkTree } from '../repository/work-tree.js'

/**
 * Returns the absolute paths of the lock files that git creates when an Op's commit moves the branch or the ledger: that
 * of HEAD, that of the ref that HEAD names, that of the ref to which it resolves, and that of the ledger's ref. Empty
 * outside git.
 */
export const refLockPaths = async (root: string): Promise<readonly string[]> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return []
  const { gitDir, commonDir, head } = workTree
  const refs = head.kind === 'branch' ? [head.target, head.ref] : []
  const branch = refs.map((ref) => join(commonDir, `${ref}.lock`))
  const writer = readOwnWriter(commonDir)
  const ledger = writer === undefined ? [] : [join(commonDir, `${ledgerRefOf(writer)}.lock`)]
  return [...new Set([join(gitDir, 'HEAD.lock'), ...branch, ...ledger])]
}
