import type { HistoryCommit } from '@kitty/git-commit/inspect'
import { isOpId, type OpId, parseOpCommitMessage } from '@kitty/record'

/** Returns the first line of a message. */
export const subjectOf = (message: string): string => message.split('\n')[0] ?? ''

/** Whether a commit looks like an Op commit, as in `git log --grep='^op('`. */
export const isOpCommit = ({ message }: HistoryCommit): boolean =>
  subjectOf(message).startsWith('op(')

/** The end of a subject; a sweep of the Python spec-kitty adds some words. */
const SHORT_ID = /\[([0-9A-Z]{8})\](?: \(doctor sweep\))?$/

/** Returns the Op that a commit names: in its trailer, else by the eight characters in its subject. */
export const opIdInMessage = (
  { message }: HistoryCommit,
  among: readonly OpId[],
): OpId | undefined => {
  const named = parseOpCommitMessage(message)?.op_id
  if (named !== undefined && isOpId(named)) return named
  const [, short] = SHORT_ID.exec(subjectOf(message).trimEnd()) ?? []
  return short === undefined ? undefined : among.find((id) => id.startsWith(short))
}

// git's clean-up of messages changes white space.
const tidy = (message: string): string => message.replace(/\s+/g, ' ').trim()

/** Whether two messages are the same except for white space. */
export const saysTheSame = (one: string, other: string): boolean => tidy(one) === tidy(other)

const OWN_LINE = /^(?:Op-(?:Id|Outcome|Mission|Work-Package): .*|)$/

/**
 * Whether a person edited the commit: git has rewritten it, its subject or trailers do not have the form that
 * this software writes, or it has more lines.
 */
export const isEdited = ({ message, isRewritten }: HistoryCommit): boolean => {
  const [subject = '', ...rest] = message.split('\n')
  const hasForm = /^op\(.*\): .* \[[0-9A-Z]{8}\]$/.test(subject)
  const hasOwnLinesOnly = rest.every((line) => OWN_LINE.test(line))
  return isRewritten || !hasForm || !hasOwnLinesOnly || parseOpCommitMessage(message) === undefined
}

/** The subject of an Op commit as the Python spec-kitty writes it, and nothing else; `undefined` for another message. */
export const bareSubject = (message: string): string | undefined => {
  const [subject = '', ...rest] = message.trimEnd().split('\n')
  if (rest.length > 0 || !/^op\(.*\): .* \[[0-9A-Z]{8}\]/.test(subject)) return undefined
  return SHORT_ID.test(subject) ? subject.replace(/ \(doctor sweep\)$/, '') : undefined
}
