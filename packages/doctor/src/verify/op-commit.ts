import type { HistoryCommit } from '@kitty/git-commit'
import { isOpId, type OpId, parseOpCommitMessage } from '@kitty/record'

/** The first line of a message. */
export const subjectOf = (message: string): string => message.split('\n')[0] ?? ''

/** Whether a commit passes for that of an Op, in `git log --grep='^op('`. */
export const isOpCommit = ({ message }: HistoryCommit): boolean =>
  subjectOf(message).startsWith('op(')

/** The Op that a commit says it is of; by its trailer, else by the eight characters of its subject. */
export const opIdInMessage = (
  { message }: HistoryCommit,
  among: readonly OpId[],
): OpId | undefined => {
  const told = parseOpCommitMessage(message)?.op_id
  if (told !== undefined && isOpId(told)) return told
  const [, short] = /\[([0-9A-Z]{8})\]$/.exec(subjectOf(message).trimEnd()) ?? []
  return short === undefined ? undefined : among.find((id) => id.startsWith(short))
}

// How much white space there is changes with git's own tidying of messages.
const tidy = (message: string): string => message.replace(/\s+/g, ' ').trim()

/** Whether two messages say the same. */
export const saysTheSame = (one: string, other: string): boolean => tidy(one) === tidy(other)

const OWN_LINE = /^(?:Op-(?:Id|Outcome|Mission|Work-Package): .*|)$/

/**
 * Whether somebody plainly edited the commit: git has rewritten it, its subject or trailers are not of the form
 * that this software writes, or it says more than that.
 */
export const isEdited = ({ message, isRewritten }: HistoryCommit): boolean => {
  const [subject = '', ...rest] = message.split('\n')
  const hasForm = /^op\(.*\): .* \[[0-9A-Z]{8}\]$/.test(subject)
  const hasOwnLinesOnly = rest.every((line) => OWN_LINE.test(line))
  return isRewritten || !hasForm || !hasOwnLinesOnly || parseOpCommitMessage(message) === undefined
}
