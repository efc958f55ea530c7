// A lock file that survives the crash of its owner without blocking anyone: for step 3 of a close (the commit lock),
// step 5 (git's index.lock) and step 7 (git's locks of HEAD and of a ref). The numbers are those of the table in docs/durability.md.
//
//   a  write a token: a file with a random number, named after its owner   (or link one that is held already)
//   b  hard-link the token to the name of the lock; this fails if the lock exists
//   c  release: remove the lock, if it still is ours, then the token
//
// A crash after a leaves a token, which locks nothing. A crash after b leaves a lock whose number is that of a token
// with a dead owner: the next process that wants the lock renames that token, and the process that wins the rename removes the
// lock. The winner's new token name refers to the same lock, so its own crash can be cleared in the same way.
//
// Limits: a lock whose number belongs to no token was made by another program (git's own index.lock) and is never
// removed. Where the file system has no hard links, the lock is a plain file with the number, and a crash between
// creating and filling it leaves an empty lock that a person must remove. An owner on another host or in another
// container counts as alive for ten minutes after it took the lock.

import { randomBytes } from 'node:crypto'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { writeNewFileSync } from '../fs/durable-file.js'
import { errnoOf, ignoreErrno } from '../fs/errors.js'
import { shareLikeGit } from '../fs/shared-repository.js'
import { isPresumedAlive, selfOwner } from './owner.js'

/** In hexadecimal digits. */
const NONCE_LENGTH = 32

/** The token of a lock that this process holds, and the random number in it. */
type HeldToken = { readonly path: string; readonly nonce: string }

const MAX_LINKED_AGE_MS = 60_000

/** The start of the name of every token for a lock; its owner and its number follow. */
const tokenPrefix = ({ path, name = basename(path) }: LockPaths): string => `${name}.`

/** The path of this process's token for a lock. */
const tokenPath = (lock: LockPaths, nonce: string): string =>
  join(lock.tokens, `${tokenPrefix(lock)}${selfOwner()}.${nonce}`)

// Calls are synchronous: each takes microseconds, less than the detour through the thread pool.

/** The tokens of the locks that this process holds now. */
const heldTokens = new Set<HeldToken>()

/** Makes a token as a hard link to one in use, which is cheaper than a new file. Returns `undefined` on failure. */
const linkToken = (lock: LockPaths): HeldToken | undefined => {
  const [other] = heldTokens
  if (other === undefined) return undefined
  const path = tokenPath(lock, other.nonce)
  try {
    // A link has the time of the other token, from which an owner elsewhere counts as alive for ten minutes.
    if (Date.now() - lstatSync(other.path).mtimeMs > MAX_LINKED_AGE_MS) return undefined
    linkSync(other.path, path)
    return { path, nonce: other.nonce }
  } catch {
    // For example on another file system, or for the same lock.
    return undefined
  }
}

const makeFolders = (folder: string): void => {
  if (existsSync(folder)) return
  makeFolders(dirname(folder))
  if (ignoreErrno('EEXIST', () => mkdirSync(folder))) shareLikeGit(folder)
}

/** Makes a token for a lock. Throws system errors. */
const makeToken = (lock: LockPaths): HeldToken => {
  const shared = linkToken(lock)
  if (shared !== undefined) return shared
  const nonce = randomBytes(NONCE_LENGTH / 2).toString('hex')
  const token = { path: tokenPath(lock, nonce), nonce }
  const write = (): void => writeNewFileSync(token.path, nonce)
  if (ignoreErrno('ENOENT', write)) return token
  makeFolders(lock.tokens)
  write()
  return token
}

/** The paths of a lock. The head of this file says how it works. */
export type LockPaths = {
  /** The lock file, absolute. */
  readonly path: string
  /** The folder of the tokens, on the same file system as the lock. */
  readonly tokens: string
  /** What the names of its tokens begin with; the name of the lock by default. */
  readonly name?: string
}

/** A lock that this process holds. */
export type HeldLock = { readonly kind: 'held'; readonly release: () => void }

/** The lock, or why it was not acquired: another owner holds it (`busy`), or other software made it (`foreign`). */
export type LockAttempt = HeldLock | { readonly kind: 'busy' | 'foreign' }

// Android forbids links (`EACCES`); some mounts that join file systems cannot make them (`EXDEV`).
const WITHOUT_LINKS = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EXDEV',
])

/** Tries to create the lock. Returns true on success. Without hard links, the lock is a plain file. */
const linkLock = (token: HeldToken, path: string): boolean =>
  ignoreErrno('EEXIST', () => {
    try {
      linkSync(token.path, path)
    } catch (error) {
      if (!WITHOUT_LINKS.has(errnoOf(error) ?? '')) throw error
      writeNewFileSync(path, token.nonce)
    }
  })

/** A lock file, and the number in it if it has the length of one. */
type LockContent = { readonly nonce?: string }

/** Reads a lock file. Returns `undefined` if there is none. */
const readLock = (path: string): LockContent | undefined => {
  const info = lstatSync(path, { throwIfNoEntry: false })
  if (info === undefined || !info.isFile() || info.size !== NONCE_LENGTH) return info && {}
  let found: LockContent | undefined
  ignoreErrno('ENOENT', () => {
    found = { nonce: readFileSync(path, 'latin1') }
  })
  return found
}

/** Whether the owner of a token has died. Returns false if the token is gone. */
export const isDead = (folder: string, { name, owner }: LockToken): boolean => {
  const info = lstatSync(join(folder, name), { throwIfNoEntry: false })
  return info !== undefined && !isPresumedAlive(owner, info.mtimeMs)
}

/** Clears a lock by its token if the owner has died. Returns whether this process did. */
export const clearIfDead = (lock: LockPaths, found: LockToken): boolean => {
  const { name, nonce } = found
  const token = join(lock.tokens, name)
  if (!isDead(lock.tokens, found)) return false
  // The claim is a token for the same lock, so if this process dies now, it can be cleared in turn.
  const claim = tokenPath(lock, nonce)
  if (!ignoreErrno('ENOENT', () => renameSync(token, claim))) return false
  ignoreErrno('ENOENT', () => unlinkSync(lock.path))
  ignoreErrno('ENOENT', () => unlinkSync(claim))
  return true
}

/** The names of the tokens in a folder. */
export const tokenNames = (folder: string): string[] => {
  let names: string[] = []
  ignoreErrno('ENOENT', () => {
    names = readdirSync(folder)
  })
  return names
}

/** The token of a lock, as parsed from its file name. */
export type LockToken = { readonly name: string; readonly owner: string; readonly nonce: string }

const isSameFile = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((path) =>
    lstatSync(path, { throwIfNoEntry: false, bigint: true }),
  )
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

/**
 * Finds the token of a lock by its content, or by its inode if a power loss emptied it. Returns `undefined` if the
 * lock has no token, so that it was not made by this software.
 */
export const findToken = (lock: LockPaths): LockToken | undefined => {
  const [prefix, found] = [tokenPrefix(lock), readLock(lock.path)]
  if (found === undefined) return undefined
  // The name of another lock can begin with this prefix, too: `a.b` with that of `a`.
  const names = tokenNames(lock.tokens).filter(
    (name) =>
      name.startsWith(prefix) && !name.slice(prefix.length, -NONCE_LENGTH - 1).includes('.'),
  )
  const name =
    names.find((each) => found.nonce !== undefined && each.endsWith(`.${found.nonce}`)) ??
    names.find((each) => isSameFile(join(lock.tokens, each), lock.path))
  if (name === undefined) return undefined
  const owner = name.slice(prefix.length, -NONCE_LENGTH - 1)
  return { name, owner, nonce: name.slice(-NONCE_LENGTH) }
}

/** Clears a lock whose owner is dead. Returns `gone` if there is no lock now, or else who holds it. */
const clearStale = (lock: LockPaths): 'gone' | 'busy' | 'foreign' => {
  if (readLock(lock.path) === undefined) return 'gone'
  const token = findToken(lock)
  // Also for a lock that is being released, which has lost its token already: the next try finds it gone.
  if (token === undefined) return 'foreign'
  return clearIfDead(lock, token) ? 'gone' : 'busy'
}

/** By path of a lock, what tries again to release it. */
const unreleased = new Map<string, () => void>()

const held = (lock: LockPaths, token: HeldToken): HeldLock => {
  heldTokens.add(token)
  const release = (): void => {
    heldTokens.delete(token)
    unreleased.delete(lock.path)
    try {
      // If this process was presumed dead by mistake, another process may hold the lock now.
      if (readLock(lock.path)?.nonce === token.nonce)
        ignoreErrno('ENOENT', () => unlinkSync(lock.path))
      ignoreErrno('ENOENT', () => unlinkSync(token.path))
    } catch {
      // What was done under the lock is done. The lock stays until this process wants it again, or ends.
      unreleased.set(lock.path, release)
    }
  }
  return { kind: 'held', release }
}

/**
 * Tries to acquire a lock once. Checks before it writes anything, because waiting processes try often. Throws system
 * errors.
 */
export const tryLock = (lock: LockPaths): LockAttempt => {
  unreleased.get(lock.path)?.()
  const found = clearStale(lock)
  if (found !== 'gone') return { kind: found }
  const token = makeToken(lock)
  let isHeld = false
  try {
    isHeld = linkLock(token, lock.path)
  } finally {
    if (!isHeld) ignoreErrno('ENOENT', () => unlinkSync(token.path))
  }
  return isHeld ? held(lock, token) : { kind: 'busy' }
}
