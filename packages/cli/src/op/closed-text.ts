import { durationMs, opCommitSubject, outcomeOf } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { outcomeText } from '../terminal/outcome.js'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'
import { spanText } from '../terminal/time.js'
import type { Closed } from './closed.js'

const SHA = 10

const WHY_NOT = {
  'no-repository': 'not committed: this is not a git repository',
  disabled: 'not committed: committing is turned off',
} as const

const commitText = (commit: CommitResult): string => {
  if (commit.status === 'committed') return `committed as ${commit.sha.slice(0, SHA)}`
  return commit.status === 'skipped' ? WHY_NOT[commit.reason] : 'not committed yet'
}

const after = ({ record }: Closed): string => {
  const duration = durationMs(record)
  return duration === undefined ? '' : ` after ${spanText(duration)}`
}

/** A close in one line, not ended. */
export const closedLine = (closed: Closed): string =>
  `${closed.invocation_id} ${outcomeOf(closed.record)}${after(closed)}, ${commitText(closed.commit)}`

/** A close in three lines: the outcome, the record, the commit. */
export const closedText = (closed: Closed, style: Style): string => {
  const { record, commit, path, invocation_id } = closed
  const outcome = outcomeText(outcomeOf(record) ?? 'unknown', style)
  const subject = commit.status === 'committed' ? `  ${opCommitSubject(record)}` : ''
  return [
    `Closed  ${style.bold(invocation_id)}  ${outcome}${after(closed)}\n`,
    `Record  ${path}\n`,
    `Commit  ${commitText(commit)}${printableLine(subject)}\n`,
  ].join('')
}
