import { findWorkTree } from '../project/git-dir.js'
import { headCommitInFiles } from '../project/head-commit.js'
import type { StoreContext } from './context.js'

/**
 * The commit at HEAD, for a start note: empty on an unborn branch, `undefined` outside git and if nothing can read it.
 * The strategy is asked only if the files do not have it. Never throws: an Op is opened in any case.
 */
export const headAtStart = async ({
  root,
  strategy,
}: StoreContext): Promise<string | undefined> => {
  try {
    const tree = await findWorkTree(root)
    if (tree === undefined) return undefined
    return headCommitInFiles(tree) ?? (await strategy.reader?.headCommit?.(root))
  } catch {
    return undefined
  }
}
