import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import type { LockPaths } from '../lock/lock-file.js'
import { waitForLock } from '../lock/wait-for-lock.js'
import { lockFolderOf, type StateLocation } from '../project/state-dir.js'

/** The lock that makes commits, and what must not happen beside one, take turns in a work tree. */
export type CommitLock = {
  /**
   * Does a deed under the lock. `timeout` when the lock was not to be had in time, or `until` ended the
   * waiting.
   */
  tryWithLock<T>(fn: () => Promise<T>, until?: () => Promise<boolean>): Promise<T | 'timeout'>
  /** Does a deed under the lock. Throws `LOCK_TIMEOUT`, and what the deed throws. */
  withLock<T>(fn: () => Promise<T>): Promise<T>
}

/** Where the lock of a folder lies. */
const commitLockIn = (folder: string): LockPaths => ({
  path: join(folder, 'commit.lock'),
  tokens: join(folder, 'tokens'),
})

/** Where the lock lies that makes commits take turns. */
export const commitLockOf = (place: StateLocation): LockPaths => commitLockIn(lockFolderOf(place))

/** The lock in a folder, waited for so many milliseconds at most. */
export const commitLock = (folder: string, timeoutMs: number): CommitLock => {
  const place = commitLockIn(folder)
  const tryWithLock: CommitLock['tryWithLock'] = async (fn, until) => {
    const lock = await waitForLock(place, { timeoutMs, ...(until && { until }) })
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
  new KittyError(
    'LOCK_TIMEOUT',
    'Another commit of this software in this work tree took too long.',
    {
      hint: 'Try again in a moment. spec-kitty doctor ops finds a lock whose owner is gone.',
    },
  )
