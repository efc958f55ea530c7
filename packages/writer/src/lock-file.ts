import { randomBytes } from 'node:crypto'
import { link, lstat, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf, ignoring } from './errno.js'
import { countsAsLiving, selfOwner } from './owner.js'

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

export type HeldLock = { readonly release: () => Promise<void> }

export type LockWait = {
  /** How long to try, in milliseconds. */
  readonly timeoutMs: number
  /** Asked between two tries: true ends the waiting, because the lock is not needed any more. */
  readonly until?: () => Promise<boolean>
}

export type LockAnswer = HeldLock | 'ours' | 'foreign'

type Token = { readonly path: string; readonly nonce: string }

const tokenPrefix = (lock: LockPlace): string => `${basename(lock.path)}.`

const tokenPath = (lock: LockPlace, nonce: string): string =>
  join(lock.tokens, `${tokenPrefix(lock)}${selfOwner()}.${nonce}`)

const makeToken = async (lock: LockPlace): Promise<Token> => {
  const nonce = randomBytes(16).toString('hex')
  const token = { path: tokenPath(lock, nonce), nonce }
  const write = (): Promise<void> => writeFile(token.path, nonce, { flag: 'wx' })
  try {
    await write()
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    await mkdir(lock.tokens, { recursive: true })
    await write()
  }
  return token
}

const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** True when the lock is now ours. Where a file system has no hard links, a plain file must do. */
const put = async (token: Token, path: string): Promise<boolean> => {
  try {
    await link(token.path, path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    if (!WITHOUT_LINKS.has(errnoOf(error) ?? '')) throw error
  }
  return writeFile(path, token.nonce, { flag: 'wx' }).then(
    () => true,
    (error) => {
      if (errnoOf(error) === 'EEXIST') return false
      throw error
    },
  )
}

const NONCE_LENGTH = 32

const nonceOf = async (path: string): Promise<string | undefined> => {
  const info = await lstat(path).catch(() => undefined)
  if (info?.isFile() !== true || info.size !== NONCE_LENGTH) return info && ''
  return readFile(path, 'latin1').catch(() => undefined)
}

const clearIfDead = async (lock: LockPlace, name: string, nonce: string): Promise<boolean> => {
  const token = join(lock.tokens, name)
  const owner = name.slice(tokenPrefix(lock).length, -NONCE_LENGTH - 1)
  const info = await lstat(token).catch(() => undefined)
  if (info === undefined || countsAsLiving(owner, info.mtimeMs)) return false
  const claim = tokenPath(lock, nonce)
  if (!(await ignoring('ENOENT', rename(token, claim)))) return false
  await ignoring('ENOENT', unlink(lock.path))
  await ignoring('ENOENT', unlink(claim))
  return true
}

/** Whose the lock is that is in the way; `gone` when it is not there any more, or was cleared. */
const examine = async (lock: LockPlace): Promise<'gone' | 'ours' | 'foreign'> => {
  const nonce = await nonceOf(lock.path)
  if (nonce === undefined) return 'gone'
  const names = nonce === '' ? [] : await readdir(lock.tokens)
  const name = names.find(
    (candidate) => candidate.startsWith(tokenPrefix(lock)) && candidate.endsWith(`.${nonce}`),
  )
  // A lock that was let go while we looked has lost its token already: look again later.
  if (name === undefined) return 'foreign'
  return (await clearIfDead(lock, name, nonce)) ? 'gone' : 'ours'
}

const held = (lock: LockPlace, token: Token): HeldLock => ({
  release: async () => {
    // Judged dead by mistake, we may have lost it: then it is another's by now.
    if ((await nonceOf(lock.path)) === token.nonce) await ignoring('ENOENT', unlink(lock.path))
    await ignoring('ENOENT', unlink(token.path))
  },
})

/** One try: the lock, or whose it is. */
export const tryLock = async (lock: LockPlace): Promise<LockAnswer> => {
  const token = await makeToken(lock)
  try {
    if (await put(token, lock.path)) return held(lock, token)
    const found = await examine(lock)
    if (found === 'gone' && (await put(token, lock.path))) return held(lock, token)
    await unlink(token.path)
    return found === 'gone' ? 'ours' : found
  } catch (error) {
    await ignoring('ENOENT', unlink(token.path))
    throw error
  }
}

/** Tries until the time is up or `until` says stop; then says whose the lock was at the last try. */
export const waitForLock = async (lock: LockPlace, wait: LockWait): Promise<LockAnswer> => {
  const end = Date.now() + wait.timeoutMs
  for (let pause = 2; ; pause = Math.min(pause * 1.5, 40)) {
    const answer = await tryLock(lock)
    if (typeof answer === 'object' || Date.now() >= end || (await wait.until?.())) return answer
    // Jitter, or processes that started together would go on colliding.
    await sleep(pause * (0.5 + Math.random()))
  }
}
