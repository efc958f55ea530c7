import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import { runGit } from '../git/run-git.js'

const notAWorkTree = (root: string, hint: string): CommitResult => ({
  status: 'refused',
  code: 'NOT_A_WORKTREE',
  message: `${root} belongs to a repository, but to no work tree of it.`,
  hint,
})

/** A `.git` file whose repository, or whose place in it, is gone. */
const deadPointer = async (folder: string): Promise<string | undefined> => {
  const pointer = join(folder, '.git')
  const info = await lstat(pointer).catch(() => undefined)
  if (info?.isFile() === true) return pointer
  const parent = dirname(folder)
  return parent === folder ? undefined : deadPointer(parent)
}

/**
 * Called where no work tree was found: refuses a bare repository, the inside of `.git` and a worktree
 * that was removed. Nothing is refused where there is no repository at all.
 */
export const checkInsideWorkTree = async (root: string): Promise<CommitResult | undefined> => {
  const pointer = await deadPointer(root)
  if (pointer !== undefined) {
    return notAWorkTree(root, `${pointer} leads nowhere. Run: git worktree repair`)
  }
  const answer = await runGit(root, ['rev-parse', '--is-inside-work-tree'])
  const isOutside = answer.ok && answer.stdout.toString().trim() === 'false'
  return isOutside ? notAWorkTree(root, 'Work in a clone or in a worktree of it.') : undefined
}
