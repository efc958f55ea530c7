import { join } from 'node:path'
import { KittyError } from '@kitty/record'
import type { LockPlace } from '../lock/lock-file.js'
import { waitForLock } from '../lock/wait-for-lock.js'
import { lockFolderOf, type StatePlace } from '../project/state-dir.js'

/** The lock that makes commits, and what must not happen beside one, take turns in a work tree. */
export type CommitLock = {
  /**
   * Does a deed under the lock. `timeout` when the lock was not to be had in time, or `until` ended the
   * waiting.
   */
  hold<T>(deed: () => Promise<T>, until?: () => Promise<boolean>): Promise<T | 'timeout'>
  /** Does a deed under the lock. Throws `LOCK_TIMEOUT`, and what the deed throws. */
  alone<T>(deed: () => Promise<T>): Promise<T>
}

/** Where the lock of a folder lies. */
const commitLockIn = (folder: string): LockPlace => ({
  path: join(folder, 'commit.lock'),
  tokens: join(folder, 'tokens'),
})

/** Where the lock lies that makes commits take turns. */
export const commitLockOf = (place: StatePlace): LockPlace => commitLockIn(lockFolderOf(place))

/** The lock in a folder, waited for so many milliseconds at most. */
export const commitLock = (folder: string, timeoutMs: number): CommitLock => {
  const place = commitLockIn(folder)
  const hold: CommitLock['hold'] = async (deed, until) => {
    const lock = await waitForLock(place, { timeoutMs, ...(until && { until }) })
    if (typeof lock === 'string') return 'timeout'
    try {
      return await deed()
    } finally {
      lock.release()
    }
  }
  return {
    hold,
    alone: async (deed) => {
      const done = await hold(async () => ({ value: await deed() }))
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
