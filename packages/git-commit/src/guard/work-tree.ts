import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import { runGit } from '../git/run-git.js'

const notAWorkTree = (root: string, hint: string): CommitResult => ({
  status: 'refused',
  code: 'NOT_A_WORKTREE',
  message: `${root} is in a git repository, but not in a work tree.`,
  hint,
})

/**
 * Returns the nearest `.git` file, upwards from `folder`: it points to a repository or worktree entry that is gone.
 */
const deadPointer = async (folder: string): Promise<string | undefined> => {
  const pointer = join(folder, '.git')
  const info = await lstat(pointer).catch(() => undefined)
  if (info?.isFile() === true) return pointer
  const parent = dirname(folder)
  return parent === folder ? undefined : deadPointer(parent)
}

/**
 * Refuses a bare repository, the inside of `.git` and a worktree that was removed. Returns `undefined` if there is
 * no repository at all. Caller must have found no work tree.
 */
export const checkInsideWorkTree = async (root: string): Promise<CommitResult | undefined> => {
  const pointer = await deadPointer(root)
  if (pointer !== undefined) {
    return notAWorkTree(root, `Repair ${pointer}, which points to nothing: git worktree repair`)
  }
  const answer = await runGit(root, ['rev-parse', '--is-inside-work-tree'])
  const isOutside = answer.ok && answer.stdout.toString().trim() === 'false'
  return isOutside ? notAWorkTree(root, 'Work in a clone, or in a worktree of it.') : undefined
}
