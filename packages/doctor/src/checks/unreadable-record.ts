import { KittyError } from '@kitty/record'
import { type Check, defineCheck, type Finding } from '../check/check.js'
import type { Advice } from '../check/next-step.js'
import { isTolerated, LINE_DAMAGE } from '../check/tolerated-damage.js'
import { describeError } from '../check/wording.js'
import { STILL_OPEN, unlessClosedInHead } from '../facts/close-advice.js'
import { listOf, type Troubled, troubledRecords } from '../facts/record-problems.js'
import { closedInHead } from '../facts/unclosed-on-disk.js'

const adviceFor = ({ record, id, path }: Troubled): Advice => {
  const validate = { verb: 'validate', path } as const
  if (record.status === 'open') return { text: STILL_OPEN, next: [{ verb: 'close', id }] }
  if (record.status === 'closed') {
    return { text: 'The Op is closed, but part of its record is lost.', next: [validate] }
  }
  return {
    text: 'It does not say what was started, so the Op cannot be closed; git might have a complete version.',
    next: [{ verb: 'git-checkout', path }, validate],
  }
}

const unreadableFinding = (troubled: Troubled): Finding => {
  const { id, path, problems } = troubled
  const base = { id: unreadableRecord.id, invocation_id: id, path, fixable: false }
  const what = listOf(problems)
  if (isTolerated(troubled.record, problems)) {
    const meaning = 'The Op is closed, and its outcome is known.'
    return {
      ...base,
      severity: 'info',
      message: `Part of the record cannot be read: ${what}. ${meaning}`,
      next: [],
    }
  }
  const { text, next } = adviceFor(troubled)
  const message = `The record is damaged: ${what}. ${text}`
  return { ...base, severity: 'error', message, next }
}

/** `symlink` reports links. */
const isLink = (error: unknown): boolean =>
  error instanceof KittyError && error.code === 'SYMLINK_REFUSED'

/** Records with lines that cannot be read, and files that cannot be read at all. */
export const unreadableRecord: Check = defineCheck({
  id: 'unreadable-record',
  needs: { found: troubledRecords(LINE_DAMAGE, unreadableFinding), closed: closedInHead },
  visit: (found) => {
    if (found.ok || isLink(found.error)) return undefined
    const { id, path, error } = found
    const base = { id: unreadableRecord.id, invocation_id: id, path, fixable: false }
    return { ...base, severity: 'error', message: describeError(error), next: [] }
  },
  run: unlessClosedInHead,
})
