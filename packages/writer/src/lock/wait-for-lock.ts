import { lstatSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LockAnswer, type LockPlace, tryLock } from './lock-file.js'

export type LockWait = {
  /** How long to try, in milliseconds. */
  readonly timeoutMs: number
  /** Asked between two tries: true ends the waiting, because the lock is not needed any more. */
  readonly until?: () => Promise<boolean>
}

/** The longest pause between two looks, in milliseconds. A look costs some hundredths of one. */
const LONGEST_PAUSE = 8

/** After so many milliseconds with the same lock in the way, its owner is looked at again. */
const JUDGE_AGAIN = 50

/** Tells one lock from the next; empty where there is none. */
const identityOf = (path: string): string => {
  const info = lstatSync(path, { throwIfNoEntry: false })
  return info === undefined ? '' : `${info.ino} ${info.ctimeMs}`
}

/** Tries at once, whenever the lock is free, and now and then in case its owner has died. */
const patientTry = (lock: LockPlace): (() => LockAnswer) => {
  let seen: string | undefined
  let judgedAt = 0
  let answer: LockAnswer = 'ours'
  return () => {
    const now = Date.now()
    const there = identityOf(lock.path)
    // A new lock in the way was taken just now, by somebody who lives.
    if (seen !== undefined && there !== '' && there !== seen) judgedAt = now
    seen = there
    if (there !== '' && now - judgedAt < JUDGE_AGAIN) return answer
    judgedAt = now
    answer = tryLock(lock)
    return answer
  }
}

/** Tries until the time is up or `until` says stop; then says whose the lock was at the last try. */
export const waitForLock = async (lock: LockPlace, wait: LockWait): Promise<LockAnswer> => {
  const end = Date.now() + wait.timeoutMs
  const tryAgain = patientTry(lock)
  for (let pause = 2; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const answer = tryAgain()
    if (typeof answer === 'object' || Date.now() >= end || (await wait.until?.())) return answer
    // Jitter, or processes that started together would go on colliding.
    await sleep(pause * (0.5 + Math.random()))
  }
}
