import type { OpRecord, Problem, ProblemCode } from '@kitty/record'

/** Lines that a crash cut off or garbled. They hold no event, so they contradict none. */
const CRASH_DAMAGE: readonly ProblemCode[] = ['NOT_JSON', 'TORN_TAIL', 'EVENT_INVALID', 'NUL_BYTES']

/** Damaged lines: crash damage, and bytes that are not text. */
export const LINE_DAMAGE: readonly ProblemCode[] = [...CRASH_DAMAGE, 'INVALID_UTF8']

const isCrashDamage = ({ code }: Problem): boolean => CRASH_DAMAGE.includes(code)

/**
 * Whether a record is closed and has no problem but crash damage. A closed record never changes, so that
 * damage stays; the outcome is known all the same.
 */
export const isTolerated = ({ status }: OpRecord, problems: readonly Problem[]): boolean => {
  const scarred = new Set(problems.filter(isCrashDamage).map(({ line }) => line))
  // A cut can split a character.
  return (
    status === 'closed' &&
    problems.every(
      (each) => isCrashDamage(each) || (each.code === 'INVALID_UTF8' && scarred.has(each.line)),
    )
  )
}
