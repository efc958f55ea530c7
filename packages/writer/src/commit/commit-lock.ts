import { KittyError } from '@kitty/record'
import { waitForLock } from '../lock/wait-for-lock.js'
import { commitLockOf } from '../project/state-dir.js'

/** What a function returned, or that it did not run: the lock was not acquired in time or is no longer needed. */
type WithLock<T> = { readonly ok: true; readonly value: T } | { readonly ok: false }

/** Serializes commits in a work tree, and everything else that must not run during a commit. */
export type CommitLock = {
  /** Runs `fn` while holding the lock, unless the lock is not acquired in time or `until` returns true. */
  tryWithLock<T>(fn: () => Promise<T>, until?: () => Promise<boolean>): Promise<WithLock<T>>
  /** Runs `fn` while holding the lock. Throws `LOCK_TIMEOUT`, what writing throws, and what `fn` throws. */
  withLock<T>(fn: () => Promise<T>): Promise<T>
}

/** The commit lock in a folder; waiting for it ends after `timeoutMs` milliseconds. */
export const commitLock = (folder: () => string, timeoutMs: number): CommitLock => {
  const tryWithLock: CommitLock['tryWithLock'] = async (fn, until) => {
    const lock = await waitForLock(commitLockOf({ lockDir: folder() }), {
      timeoutMs,
      ...(until && { until }),
    })
    if (lock.kind !== 'held') return { ok: false }
    try {
      return { ok: true, value: await fn() }
    } finally {
      lock.release()
    }
  }
  return {
    tryWithLock,
    withLock: async (fn) => {
      const done = await tryWithLock(fn)
      if (!done.ok) throw lockTimedOut()
      return done.value
    },
  }
}

const lockTimedOut = (): KittyError =>
  new KittyError('LOCK_TIMEOUT', 'Timed out waiting for another commit in this work tree.', {
    hint: 'Try again in a moment.',
  })
