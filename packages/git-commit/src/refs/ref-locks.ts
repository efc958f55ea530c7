// Git's locks on HEAD and on refs, taken by this software. A killed git leaves such a lock behind, and nothing says who
// made it. So a lock that this software needs is a link to a token (see `lock-file.ts` of the writer), which proves
// after a crash whose it is. All tokens of a repository are in one folder, so that the next Op in any work tree clears
// the locks of the dead, also on a branch that is no longer checked out.

import { randomBytes } from 'node:crypto'
import { join, relative, sep } from 'node:path'
import {
  clearDeadLocks,
  type HeldLock,
  type LockPaths,
  lockNamesIn,
  selfOwner,
  sharedFolderOf,
  tryLock,
} from '@kitty/writer/internals'
import { makeFolder } from '../objects/loose.js'

/** The folder of the tokens, and of drafts of refs. */
const tokensIn = (commonDir: string): string => join(sharedFolderOf(commonDir), 'refs')

/** Returns a unique path for a draft of a ref. It is named like a token, so one that a crash left is removed as such. */
export const refDraftPath = (commonDir: string): string => {
  const folder = tokensIn(commonDir)
  makeFolder(folder)
  return join(folder, `draft.${selfOwner()}.${randomBytes(16).toString('hex')}`)
}

const lockNamed = (commonDir: string, name: string): LockPaths => ({
  path: join(commonDir, ...`${decodeURIComponent(name)}.lock`.split('/')),
  tokens: tokensIn(commonDir),
  name,
})

/** Git's lock on the ref with this file. The file must be in the common git directory. Throws if it is not. */
const refLockOf = (commonDir: string, file: string): LockPaths => {
  const path = relative(commonDir, file).split(sep).join('/')
  if (path.startsWith('..')) throw new Error(`${file} is not in ${commonDir}.`)
  return lockNamed(commonDir, encodeURIComponent(path))
}

/** The locks on HEAD and on refs that a process of this software holds, or left when it died. Throws system errors. */
export const ownRefLocks = (commonDir: string): readonly LockPaths[] =>
  lockNamesIn(tokensIn(commonDir)).map((name) => lockNamed(commonDir, name))

/** Clears locks on refs of processes of this software that have died. Never throws; the next Op tries again. */
export const clearDeadRefLocks = (commonDir: string): void => {
  try {
    clearDeadLocks(tokensIn(commonDir), (name) => lockNamed(commonDir, name))
  } catch {
    // If a lock stays, git makes the move, and reports it.
  }
}

/** Takes git's locks on refs, in this order. Returns `undefined` if a process holds one. Throws system errors. */
export const lockRefs = (
  commonDir: string,
  files: readonly string[],
): Pick<HeldLock, 'release'> | undefined => {
  const held: HeldLock[] = []
  const release = (): void => {
    for (const lock of held.reverse()) lock.release()
  }
  try {
    for (const file of files) {
      const lock = tryLock(refLockOf(commonDir, file))
      if (lock.kind === 'held') held.push(lock)
      else break
    }
  } catch (error) {
    release()
    throw error
  }
  if (held.length === files.length) return { release }
  release()
  return undefined
}
