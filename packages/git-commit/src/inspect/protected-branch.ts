import { KittyError } from '@kitty/record'
import { isFailure } from '../git/failures.js'
import { protectionOf } from '../guard/protection.js'
import { readWorkTree } from '../repository/work-tree.js'

/** The branch that is checked out, and why it is protected, in words that follow "because". */
export type ProtectedBranch = { readonly branch: string; readonly because: string }

/** Whether a strategy of this name refuses protected branches, as the safe-commit guard does. */
export const guardsBranches = (strategy: string): boolean => strategy.startsWith('safe-commit(')

const unreadable = (words: string): KittyError =>
  new KittyError('PROTECTION_UNKNOWN', `It cannot be told what is protected: ${words}`, {
    hint: '',
  })

/**
 * The branch that is checked out, if it is protected; undefined where it is not, on a detached HEAD and
 * outside git.
 *
 * @throws KittyError `PROTECTION_UNKNOWN` where the configuration cannot be relied on, `GIT_NOT_STARTED`.
 */
export const findProtectedBranch = async (
  root: string,
  env?: NodeJS.ProcessEnv,
): Promise<ProtectedBranch | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree?.head.kind !== 'branch') return undefined
  const { branch } = workTree.head
  const protection = await protectionOf({ root, top: workTree.top, branch, ...(env && { env }) })
  if (isFailure(protection)) {
    throw unreadable('message' in protection ? protection.message : protection.status)
  }
  const { because } = protection
  return because === undefined ? undefined : { branch, because }
}
