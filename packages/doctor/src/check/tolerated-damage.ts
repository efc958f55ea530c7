import type { OpRecord, Problem, ProblemCode } from '@kitty/record'

/** Lines that a crash cut off or garbled. They say nothing, and so contradict nothing either. */
const SCARS: readonly ProblemCode[] = ['NOT_JSON', 'TORN_TAIL', 'EVENT_INVALID', 'NUL_BYTES']

/** What damages lines: scars, and bytes that are no text. */
export const LINE_DAMAGE: readonly ProblemCode[] = [...SCARS, 'INVALID_UTF8']

const isScar = ({ code }: Problem): boolean => SCARS.includes(code)

/**
 * Whether a record is closed, and nothing is wrong with it but scars. It never changes again, so nobody
 * could ever mend them; its outcome is known all the same, and that is what counts.
 */
export const isScarred = ({ status }: OpRecord, problems: readonly Problem[]): boolean => {
  const scarred = new Set(problems.filter(isScar).map(({ line }) => line))
  // A cut may go through the middle of a character.
  return (
    status === 'closed' &&
    problems.every(
      (each) => isScar(each) || (each.code === 'INVALID_UTF8' && scarred.has(each.line)),
    )
  )
}
