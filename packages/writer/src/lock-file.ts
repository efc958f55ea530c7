import {
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { errnoOf, unless } from './errno.js'
import {
  makeToken,
  NONCE_LENGTH,
  type Token,
  tokenPath,
  tokenPrefix,
  tokensInUse,
} from './lock-token.js'
import { countsAsLiving } from './owner.js'

/**
 * A lock file that a crash cannot leave in anybody's way.
 *
 * The lock is a hard link to a *token*, a file of ours that holds a random number and is named after
 * its owner. Whoever finds the lock compares its content with the tokens: no token, and it is somebody
 * else's lock (git's own `index.lock`, say) and is never touched; a token of a dead owner, and
 * whoever renames that token first may clear the lock. The rename is the election, so two processes
 * never clear the same lock, and one that dies in between can be cleared in turn.
 */
export type LockPlace = {
  /** The lock file, absolute. */
  readonly path: string
  /** The folder of the tokens; on the same file system as the lock. */
  readonly tokens: string
}

export type HeldLock = { readonly release: () => void }

export type LockAnswer = HeldLock | 'ours' | 'foreign'

const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** True when the lock is now ours. Where a file system has no hard links, a plain file must do. */
const put = (token: Token, path: string): boolean =>
  unless('EEXIST', () => {
    try {
      linkSync(token.path, path)
    } catch (error) {
      if (!WITHOUT_LINKS.has(errnoOf(error) ?? '')) throw error
      writeFileSync(path, token.nonce, { flag: 'wx' })
    }
  })

/** What identifies a lock file; empty for one that cannot be ours, undefined for none. */
export const nonceOf = (path: string): string | undefined => {
  const info = lstatSync(path, { throwIfNoEntry: false })
  if (info === undefined || !info.isFile() || info.size !== NONCE_LENGTH) return info && ''
  let content: string | undefined
  unless('ENOENT', () => {
    content = readFileSync(path, 'latin1')
  })
  return content
}

const clearIfDead = (lock: LockPlace, name: string, nonce: string): boolean => {
  const token = join(lock.tokens, name)
  const owner = name.slice(tokenPrefix(lock).length, -NONCE_LENGTH - 1)
  const info = lstatSync(token, { throwIfNoEntry: false })
  if (info === undefined || countsAsLiving(owner, info.mtimeMs)) return false
  // It names the same lock, so that whoever dies now can be cleared in turn.
  const claim = tokenPath(lock, nonce)
  if (!unless('ENOENT', () => renameSync(token, claim))) return false
  unless('ENOENT', () => unlinkSync(lock.path))
  unless('ENOENT', () => unlinkSync(claim))
  return true
}

const namesIn = (folder: string): string[] => {
  let names: string[] = []
  unless('ENOENT', () => {
    names = readdirSync(folder)
  })
  return names
}

/** Whose the lock is that is in the way; `gone` when there is none, or none any more. */
const examine = (lock: LockPlace): 'gone' | 'ours' | 'foreign' => {
  const nonce = nonceOf(lock.path)
  if (nonce === undefined) return 'gone'
  const names = nonce === '' ? [] : namesIn(lock.tokens)
  const name = names.find(
    (candidate) => candidate.startsWith(tokenPrefix(lock)) && candidate.endsWith(`.${nonce}`),
  )
  // A lock that was let go while we looked has lost its token already: look again later.
  if (name === undefined) return 'foreign'
  return clearIfDead(lock, name, nonce) ? 'gone' : 'ours'
}

const held = (lock: LockPlace, token: Token): HeldLock => {
  tokensInUse.add(token)
  return {
    release: () => {
      tokensInUse.delete(token)
      // Judged dead by mistake, we may have lost it: then it is another's by now.
      if (nonceOf(lock.path) === token.nonce) unless('ENOENT', () => unlinkSync(lock.path))
      unless('ENOENT', () => unlinkSync(token.path))
    },
  }
}

/** One try: the lock, or whose it is. Looking comes first: whoever waits looks often. */
export const tryLock = (lock: LockPlace): LockAnswer => {
  const found = examine(lock)
  if (found !== 'gone') return found
  const token = makeToken(lock)
  let isHeld = false
  try {
    isHeld = put(token, lock.path)
  } finally {
    if (!isHeld) unless('ENOENT', () => unlinkSync(token.path))
  }
  return isHeld ? held(lock, token) : 'ours'
}
