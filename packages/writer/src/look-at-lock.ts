import { lstatSync, readdirSync } from 'node:fs'
import { commitLockIn } from './commit-lock.js'
import { unless } from './errno.js'
import { type LockPlace, nonceOf } from './lock-file.js'
import { NONCE_LENGTH, tokenPrefix } from './lock-token.js'
import { lockFolderOf } from './ops-context.js'
import { countsAsLiving } from './owner.js'
import type { StatePlace } from './state-dir.js'

/**
 * Whose a lock is: of a process that lives, of one that is dead (whoever wants the lock next clears it),
 * or foreign: nothing of ours says that we made it.
 */
export type LockLook = {
  readonly whose: 'living' | 'dead' | 'foreign'
  /** When it was taken, in milliseconds since 1970. */
  readonly since: number
}

const tokensIn = (folder: string): readonly string[] => {
  let names: readonly string[] = []
  unless('ENOENT', () => {
    names = readdirSync(folder)
  })
  return names
}

const whoseIs = (lock: LockPlace, nonce: string, since: number): LockLook['whose'] => {
  const prefix = tokenPrefix(lock)
  const isToken = (name: string): boolean => name.startsWith(prefix) && name.endsWith(`.${nonce}`)
  const token = nonce === '' ? undefined : tokensIn(lock.tokens).find(isToken)
  if (token === undefined) return 'foreign'
  const owner = token.slice(prefix.length, -NONCE_LENGTH - 1)
  return countsAsLiving(owner, since) ? 'living' : 'dead'
}

/** Looks at a lock and leaves it as it is; undefined when there is none. */
export const lookAtLock = (lock: LockPlace): LockLook | undefined => {
  const info = lstatSync(lock.path, { throwIfNoEntry: false })
  const nonce = nonceOf(lock.path)
  if (info === undefined || nonce === undefined) return undefined
  return { whose: whoseIs(lock, nonce, info.mtimeMs), since: info.mtimeMs }
}

/** Where the lock lies that makes commits take turns. */
export const commitLockOf = (place: StatePlace): LockPlace => commitLockIn(lockFolderOf(place))
