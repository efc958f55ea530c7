import type { OpRecord, Problem, ProblemCode } from '@kitty/record'
import type { Check, Finding } from '../check.js'
import { findInRecords } from '../facts/each-record.js'
import { wordsOf } from '../words.js'

/** Lines that a crash cut off or garbled. They say nothing, and so contradict nothing either. */
const SCARS: ReadonlySet<ProblemCode> = new Set([
  'NOT_JSON',
  'TORN_TAIL',
  'EVENT_INVALID',
  'NUL_BYTES',
])

const describe = ({ line, message }: Problem): string => `line ${line}: ${message}`

/**
 * A closed record never changes again, so nobody could ever mend a scar in one; its outcome is known
 * all the same, and that is what counts.
 */
const isScarred = (record: OpRecord, errors: readonly Problem[]): boolean =>
  record.status === 'closed' && errors.every(({ code }) => SCARS.has(code))

const adviceFor = (record: OpRecord, id: string, path: string): string => {
  if (record.status === 'open') {
    return `The Op is open and can be closed all the same: spec-kitty ops complete ${id} --outcome done|failed|abandoned`
  }
  const look = `See all of it: spec-kitty ops validate ${path}`
  return record.status === 'closed'
    ? `The Op is closed, but its record contradicts itself. ${look}`
    : `It does not say what was started, so the Op cannot be closed. If git has it whole: git checkout HEAD -- ${path}. ${look}`
}

const judge = (record: OpRecord, id: string, path: string): Finding | undefined => {
  const errors = record.problems.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return undefined
  const base = { id: unreadableRecord.id, invocation_id: id, path, fixable: false }
  const what = errors.map(describe).join('; ')
  if (isScarred(record, errors)) {
    const meaning = 'The Op is closed and its outcome is known. There is nothing to do.'
    return {
      ...base,
      severity: 'info',
      message: `Part of ${path} cannot be read: ${what}. ${meaning}`,
    }
  }
  const message = `${path} is damaged: ${what}. ${adviceFor(record, id, path)}`
  return { ...base, severity: 'error', message }
}

/** Records that are damaged, or that cannot be read as a file at all. */
export const unreadableRecord: Check = {
  id: 'unreadable-record',
  examine: (at) =>
    findInRecords(at, (found) => {
      const { id, path } = found
      if (!('error' in found)) return judge(found.record, id, path)
      const message = wordsOf(found.error)
      return {
        id: unreadableRecord.id,
        severity: 'error',
        invocation_id: id,
        path,
        message,
        fixable: false,
      }
    }),
}
