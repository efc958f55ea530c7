import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { unless } from '../fs/errno.js'
import type { LockPlace } from './lock-file.js'
import { selfOwner } from './owner.js'

/** In hexadecimal digits. */
export const NONCE_LENGTH = 32

/** The file of ours behind a lock, and the random number in it. */
export type Token = { readonly path: string; readonly nonce: string }

/** How the names of all tokens for a lock begin; the owner and the number follow. */
export const tokenPrefix = (lock: LockPlace): string => `${basename(lock.path)}.`

/** Where a token of this process for a lock lies. */
export const tokenPath = (lock: LockPlace, nonce: string): string =>
  join(lock.tokens, `${tokenPrefix(lock)}${selfOwner()}.${nonce}`)

// The calls are synchronous: each takes microseconds, less than its way through the thread pool.

/** The tokens behind the locks that this process holds now. */
export const tokensInUse = new Set<Token>()

/** Another name for a token in use: making a file costs more than naming one. */
const shareToken = (lock: LockPlace): Token | undefined => {
  const [other] = tokensInUse
  if (other === undefined) return undefined
  const path = tokenPath(lock, other.nonce)
  try {
    linkSync(other.path, path)
    return { path, nonce: other.nonce }
  } catch {
    // On another file system, say, or for the same lock.
    return undefined
  }
}

/** A token for a lock. Throws what the file system throws. */
export const makeToken = (lock: LockPlace): Token => {
  const shared = shareToken(lock)
  if (shared !== undefined) return shared
  const nonce = randomBytes(NONCE_LENGTH / 2).toString('hex')
  const token = { path: tokenPath(lock, nonce), nonce }
  const write = (): void => writeFileSync(token.path, nonce, { flag: 'wx' })
  if (unless('ENOENT', write)) return token
  mkdirSync(lock.tokens, { recursive: true })
  write()
  return token
}
