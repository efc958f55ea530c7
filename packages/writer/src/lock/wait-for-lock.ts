import { lstatSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf, writeError } from '../fs/errors.js'
import { type LockAttempt, type LockPaths, tryLock } from './lock-file.js'

/** How long to wait for a lock. */
export type LockWait = {
  /** How long to try, in milliseconds. */
  readonly timeoutMs: number
  /** Called between tries. True ends the wait, because the lock is no longer needed. */
  readonly until?: () => Promise<boolean>
}

/** The longest pause between checks, in milliseconds. A check takes some hundredths of a millisecond. */
const MAX_PAUSE_MS = 8

/** How long the same lock is held before its owner is checked again, in milliseconds. */
const RECHECK_MS = 50

/** Identifies a lock. Returns `undefined` if there is none. */
const lockVersion = (path: string): string | undefined => {
  const info = lstatSync(path, { throwIfNoEntry: false })
  return info && `${info.ino} ${info.ctimeMs}`
}

/** Tries at once if the lock is free, and otherwise every `RECHECK_MS` in case its owner has died. */
const throttledTry = (lock: LockPaths): (() => LockAttempt) => {
  let seen: { readonly version: string | undefined } | undefined
  let triedAt = 0
  let answer: LockAttempt = { kind: 'busy' }
  return () => {
    const now = Date.now()
    const version = lockVersion(lock.path)
    // A new lock was acquired just now, so its owner is alive.
    if (seen !== undefined && version !== undefined && version !== seen.version) triedAt = now
    seen = { version }
    if (version !== undefined && now - triedAt < RECHECK_MS) return answer
    triedAt = now
    answer = tryLock(lock)
    return answer
  }
}

const tryOrThrow = (
  { path }: LockPaths,
  tryAgain: () => LockAttempt,
  isLast: boolean,
): LockAttempt => {
  try {
    return tryAgain()
  } catch (error) {
    // Another process removed the lock's folder, which was empty, while this one used it.
    if (errnoOf(error) === 'ENOENT' && !isLast) return { kind: 'busy' }
    throw writeError(error, path)
  }
}

/**
 * Tries to acquire a lock until the timeout or until `until` returns true. Returns the last attempt's result. Throws
 * what writing and `until` throw.
 */
export const waitForLock = async (lock: LockPaths, wait: LockWait): Promise<LockAttempt> => {
  const end = Date.now() + wait.timeoutMs
  const tryAgain = throttledTry(lock)
  for (let pause = 2; ; pause = Math.min(pause * 1.5, MAX_PAUSE_MS)) {
    const isLast = Date.now() >= end
    const answer = tryOrThrow(lock, tryAgain, isLast)
    if (answer.kind === 'held' || isLast || (await wait.until?.())) return answer
    // Jitter keeps processes that started together from colliding again.
    await sleep(pause * (0.5 + Math.random()))
  }
}
