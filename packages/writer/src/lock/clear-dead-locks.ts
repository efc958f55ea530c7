import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ignoreErrno } from '../fs/errors.js'
import {
  clearIfDead,
  findToken,
  isDead,
  type LockPaths,
  type LockToken,
  tokenNames,
} from './lock-file.js'

const TOKEN = /^(.+)\.([\w-]+)\.([0-9a-f]{32})$/

type TokenOfLock = LockToken & { readonly lock: string }

const tokensIn = (folder: string): readonly TokenOfLock[] =>
  tokenNames(folder).flatMap((name) => {
    const [, lock, owner, nonce] = TOKEN.exec(name) ?? []
    return lock && owner && nonce ? [{ name, lock, owner, nonce }] : []
  })

/** Returns the names of the locks whose tokens are in a folder: those that a process holds, or left when it died. */
export const lockNamesIn = (tokens: string): readonly string[] => [
  ...new Set(tokensIn(tokens).map(({ lock }) => lock)),
]

/**
 * Clears the locks of dead owners whose tokens are in a folder, and removes those tokens. `lockOf` returns the lock
 * with a name. Throws system errors.
 */
export const clearDeadLocks = (tokens: string, lockOf: (name: string) => LockPaths): void => {
  for (const token of tokensIn(tokens)) {
    if (!isDead(tokens, token)) continue
    const lock = lockOf(token.lock)
    const isCleared = findToken(lock)?.name === token.name && clearIfDead(lock, token)
    if (!isCleared) ignoreErrno('ENOENT', () => unlinkSync(join(tokens, token.name)))
  }
}
