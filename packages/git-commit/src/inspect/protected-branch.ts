import { KittyError } from '@kitty/record'
import { failureMessage } from '../git/failures.js'
import { protectionOf } from '../guard/protection.js'
import { readWorkTree } from '../repository/work-tree.js'

/** The branch that is checked out, and why it is protected, as a clause that fits in parentheses. */
export type ProtectedBranch = { readonly branch: string; readonly because: string }

/** Whether a strategy of this name refuses protected branches, as the safe-commit guard does. */
export const guardsBranches = (strategy: string): boolean => strategy.startsWith('safe-commit(')

const unreadable = (words: string): KittyError =>
  new KittyError('PROTECTION_UNKNOWN', `The protected branches cannot be determined: ${words}`, {
    hint: '',
  })

/**
 * Returns the branch that is checked out if it is protected, else `undefined`; also on a detached HEAD and outside
 * git.
 *
 * @throws KittyError `PROTECTION_UNKNOWN` if that cannot be determined, as with an invalid configuration;
 * `GIT_NOT_STARTED`.
 */
export const findProtectedBranch = async (
  root: string,
  env?: NodeJS.ProcessEnv,
): Promise<ProtectedBranch | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree?.head.kind !== 'branch') return undefined
  const { branch } = workTree.head
  const protection = await protectionOf({ root, top: workTree.top, branch, ...(env && { env }) })
  if (!protection.ok) throw unreadable(failureMessage(protection.result))
  const { because } = protection.value
  return because === undefined ? undefined : { branch, because }
}
