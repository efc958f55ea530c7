import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import type { LockPaths } from '../lock/lock-file.js'
import { waitForLock } from '../lock/wait-for-lock.js'
import type { StateLocation } from '../project/state-dir.js'

/** Serializes commits in a work tree, and everything else that must not run during a commit. */
export type CommitLock = {
  /**
   * Runs `fn` while holding the lock. Returns `'timeout'` if the lock was not acquired in time or `until`
   * returned true.
   */
  tryWithLock<T>(fn: () => Promise<T>, until?: () => Promise<boolean>): Promise<T | 'timeout'>
  /** Runs `fn` while holding the lock. Throws `LOCK_TIMEOUT`, and what `fn` throws. */
  withLock<T>(fn: () => Promise<T>): Promise<T>
}

const commitLockIn = (folder: string): LockPaths => ({
  path: join(folder, 'commit.lock'),
  tokens: join(folder, 'tokens'),
})

/** The paths of a project's commit lock. */
export const commitLockOf = ({ lockDir }: StateLocation): LockPaths => commitLockIn(lockDir)

/** The commit lock in a folder; waiting for it ends after `timeoutMs` milliseconds. */
export const commitLock = (folder: () => string, timeoutMs: number): CommitLock => {
  const tryWithLock: CommitLock['tryWithLock'] = async (fn, until) => {
    const lock = await waitForLock(commitLockIn(folder()), { timeoutMs, ...(until && { until }) })
    if (typeof lock === 'string') return 'timeout'
    try {
      return await fn()
    } finally {
      lock.release()
    }
  }
  return {
    tryWithLock,
    withLock: async (fn) => {
      const done = await tryWithLock(async () => ({ value: await fn() }))
      if (done === 'timeout') throw lockTimedOut()
      return done.value
    },
  }
}

const lockTimedOut = (): KittyError =>
  new KittyError('LOCK_TIMEOUT', 'Timed out waiting for another commit in this work tree.', {
    hint: 'Try again in a moment.',
  })
