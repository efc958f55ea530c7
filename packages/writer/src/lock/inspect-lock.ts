import { lstatSync } from 'node:fs'
import { type LockPlace, tokenBehind } from './lock-file.js'
import { countsAsLiving } from './owner.js'

/**
 * Whose a lock is: of a process that lives, of one that is dead (whoever wants the lock next clears it),
 * or foreign: nothing of ours says that we made it.
 */
export type LockLook = {
  readonly whose: 'living' | 'dead' | 'foreign'
  /** When it was taken, in milliseconds since 1970. */
  readonly since: number
}

const whoseIs = (lock: LockPlace, since: number): LockLook['whose'] => {
  const token = tokenBehind(lock)
  if (token === undefined) return 'foreign'
  return countsAsLiving(token.owner, since) ? 'living' : 'dead'
}

/** Looks at a lock and leaves it as it is; undefined when there is none. */
export const lookAtLock = (lock: LockPlace): LockLook | undefined => {
  const info = lstatSync(lock.path, { throwIfNoEntry: false })
  return info && { whose: whoseIs(lock, info.mtimeMs), since: info.mtimeMs }
}
