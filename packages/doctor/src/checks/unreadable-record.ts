import { KittyError } from '@kitty/record'
import { shellWord } from '@kitty/writer'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { isTolerated, LINE_DAMAGE } from '../check/tolerated-damage.js'
import { describeError } from '../check/wording.js'
import { closeAdvice, unlessClosedInHead } from '../facts/close-advice.js'
import { findingsInRecords } from '../facts/record-pass.js'
import { findProblems, listOf, type Troubled } from '../facts/record-problems.js'

const adviceFor = ({ record, id, path }: Troubled): string => {
  if (record.status === 'open') {
    return closeAdvice(id)
  }
  const look = `See all of it: spec-kitty ops validate ${shellWord(path)}`
  return record.status === 'closed'
    ? `The Op is closed, but part of what its record says is lost. ${look}`
    : `It does not say what was started, so the Op cannot be closed. If git has it whole: git checkout HEAD -- ${shellWord(path)}. ${look}`
}

const unreadableFinding = (troubled: Troubled): Finding => {
  const { id, path, problems } = troubled
  const base = { id: unreadableRecord.id, invocation_id: id, path, fixable: false }
  const what = listOf(problems)
  if (isTolerated(troubled.record, problems)) {
    const meaning = 'The Op is closed and its outcome is known. There is nothing to do.'
    return {
      ...base,
      severity: 'info',
      message: `Part of ${path} cannot be read: ${what}. ${meaning}`,
    }
  }
  const message = `${path} is damaged: ${what}. ${adviceFor(troubled)}`
  return { ...base, severity: 'error', message }
}

/** Links are `symlink`'s. */
const isLink = (error: unknown): boolean =>
  error instanceof KittyError && error.code === 'SYMLINK_REFUSED'

const unreadableFiles = (context: CheckContext): Promise<readonly Finding[]> =>
  findingsInRecords(context, (found) => {
    if (!('error' in found) || isLink(found.error)) return undefined
    const { id, path, error } = found
    const base = { id: unreadableRecord.id, invocation_id: id, path, fixable: false }
    return { ...base, severity: 'error', message: describeError(error) }
  })

/** Records with lines that cannot be read, or that cannot be read as a file at all. */
export const unreadableRecord: Check = {
  id: 'unreadable-record',
  run: async (context) => {
    const damaged = unlessClosedInHead(
      context,
      findProblems(context, LINE_DAMAGE, unreadableFinding),
    )
    return (await Promise.all([damaged, unreadableFiles(context)])).flat()
  },
}
