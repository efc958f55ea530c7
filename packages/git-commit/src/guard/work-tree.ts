import type { CommitResult } from '@kitty/writer'
import { runGit } from '../git/run-git.js'
import { gitUnreachable } from '../repository/work-tree.js'

const notAWorkTree = (root: string, hint: string): CommitResult => ({
  status: 'refused',
  code: 'NOT_A_WORKTREE',
  message: `${root} is in a git repository, but not in a work tree.`,
  hint,
})

/**
 * Refuses a bare repository and the inside of `.git`, and defers if the git directory cannot be found. Returns
 * `undefined` if there is no repository at all. Caller must have found no work tree.
 */
export const checkInsideWorkTree = async (root: string): Promise<CommitResult | undefined> => {
  const unreachable = await gitUnreachable(root)
  if (unreachable !== undefined) return unreachable
  const answer = await runGit(root, ['rev-parse', '--is-inside-work-tree'])
  const isOutside = answer.ok && answer.stdout.toString().trim() === 'false'
  return isOutside ? notAWorkTree(root, 'Work in a clone, or in a work tree of it.') : undefined
}
