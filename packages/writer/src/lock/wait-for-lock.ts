import { lstatSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LockAttempt, type LockPaths, tryLock } from './lock-file.js'

export type LockWait = {
  /** How long to try, in milliseconds. */
  readonly timeoutMs: number
  /** Asked between two tries: true ends the waiting, because the lock is not needed any more. */
  readonly until?: () => Promise<boolean>
}

/** The longest pause between two looks, in milliseconds. A look costs some hundredths of one. */
const MAX_PAUSE_MS = 8

/** After so many milliseconds with the same lock in the way, its owner is looked at again. */
const RECHECK_MS = 50

/** Tells one lock from the next; empty where there is none. */
const lockVersion = (path: string): string => {
  const info = lstatSync(path, { throwIfNoEntry: false })
  return info === undefined ? '' : `${info.ino} ${info.ctimeMs}`
}

/** Tries at once, whenever the lock is free, and now and then in case its owner has died. */
const throttledTry = (lock: LockPaths): (() => LockAttempt) => {
  let seen: string | undefined
  let judgedAt = 0
  let answer: LockAttempt = 'busy'
  return () => {
    const now = Date.now()
    const there = lockVersion(lock.path)
    // A new lock in the way was taken just now, by somebody who lives.
    if (seen !== undefined && there !== '' && there !== seen) judgedAt = now
    seen = there
    if (there !== '' && now - judgedAt < RECHECK_MS) return answer
    judgedAt = now
    answer = tryLock(lock)
    return answer
  }
}

/** Tries until the time is up or `until` says stop; then says whose the lock was at the last try. */
export const waitForLock = async (lock: LockPaths, wait: LockWait): Promise<LockAttempt> => {
  const end = Date.now() + wait.timeoutMs
  const tryAgain = throttledTry(lock)
  for (let pause = 2; ; pause = Math.min(pause * 1.5, MAX_PAUSE_MS)) {
    const answer = tryAgain()
    if (typeof answer === 'object' || Date.now() >= end || (await wait.until?.())) return answer
    // Jitter, or processes that started together would go on colliding.
    await sleep(pause * (0.5 + Math.random()))
  }
}
