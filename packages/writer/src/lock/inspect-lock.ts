import { lstatSync } from 'node:fs'
import { findToken, type LockPaths } from './lock-file.js'
import { isPresumedAlive } from './owner.js'

/**
 * Whose a lock is: of a process that lives, of one that is dead (whoever wants the lock next clears it),
 * or foreign: nothing of ours says that we made it.
 */
export type LockInfo = {
  readonly holder: 'living' | 'dead' | 'foreign'
  /** When it was taken, in milliseconds since 1970. */
  readonly since: number
}

const holderOf = (lock: LockPaths, since: number): LockInfo['holder'] => {
  const token = findToken(lock)
  if (token === undefined) return 'foreign'
  return isPresumedAlive(token.owner, since) ? 'living' : 'dead'
}

/** Looks at a lock and leaves it is; undefined when there is none. */
export const inspectLock = (lock: LockPaths): LockInfo | undefined => {
  const info = lstatSync(lock.path, { throwIfNoEntry: false })
  return info && { holder: holderOf(lock, info.mtimeMs), since: info.mtimeMs }
}
