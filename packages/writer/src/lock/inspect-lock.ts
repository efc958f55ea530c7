import { lstatSync } from 'node:fs'
import { findToken, type LockPaths } from './lock-file.js'
import { isPresumedAlive } from './owner.js'

/** The state of a lock. */
export type LockInfo = {
  /**
   * `living`: its owner runs. `dead`: its owner has died; the next process that needs the lock clears it.
   * `foreign`: it has no token, so it was not made by this software.
   */
  readonly holder: 'living' | 'dead' | 'foreign'
  /** When it was taken, in milliseconds since 1970. */
  readonly since: number
}

const holderOf = (lock: LockPaths, since: number): LockInfo['holder'] => {
  const token = findToken(lock)
  if (token === undefined) return 'foreign'
  return isPresumedAlive(token.owner, since) ? 'living' : 'dead'
}

/** Inspects a lock without changing it. Returns `undefined` if there is none. */
export const inspectLock = (lock: LockPaths): LockInfo | undefined => {
  const info = lstatSync(lock.path, { throwIfNoEntry: false })
  return info && { holder: holderOf(lock, info.mtimeMs), since: info.mtimeMs }
}
