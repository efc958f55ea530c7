import type { OpRecord, Problem, ProblemCode } from '@kitty/record'

/** Lines that a crash cut off or garbled. They say nothing, and so contradict nothing either. */
const CRASH_DAMAGE: readonly ProblemCode[] = ['NOT_JSON', 'TORN_TAIL', 'EVENT_INVALID', 'NUL_BYTES']

/** What damages lines: scars, and bytes that are no text. */
export const LINE_DAMAGE: readonly ProblemCode[] = [...CRASH_DAMAGE, 'INVALID_UTF8']

const isCrashDamage = ({ code }: Problem): boolean => CRASH_DAMAGE.includes(code)

/**
 * Whether a record is closed, and nothing is wrong with it but scars. It never changes again, so nobody
 * could ever mend them; its outcome is known all the same, and that is what counts.
 */
export const isTolerated = ({ status }: OpRecord, problems: readonly Problem[]): boolean => {
  const scarred = new Set(problems.filter(isCrashDamage).map(({ line }) => line))
  // A cut may go through the middle of a character.
  return (
    status === 'closed' &&
    problems.every(
      (each) => isCrashDamage(each) || (each.code === 'INVALID_UTF8' && scarred.has(each.line)),
    )
  )
}
