import { modeOfWork, type OpRecord, outcomeOf, reasonOf, type StartedEvent } from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { outcomeText } from '../terminal/outcome.js'
import { printableLine, printableLines } from '../terminal/printable.js'
import { problemLine } from '../terminal/problem.js'
import type { Style } from '../terminal/style.js'
import { pairs } from '../terminal/table.js'
import { spanText } from '../terminal/time.js'
import { storyText } from './op-story.js'

/** One Op with all that is known of it. */
export type ShownOp = {
  readonly record: OpRecord
  readonly path: string
  /** Missing where the record has no readable start. */
  readonly summary: OpSummary | undefined
  /** Missing where no commit holds it; `unknown` where git could not be asked. */
  readonly commit: { readonly sha: string; readonly subject: string } | 'unknown' | undefined
}

type Pair = readonly [name: string, value: string | undefined]

const indented = (text: string): string =>
  printableLines(text)
    .map((line) => `  ${line}\n`)
    .join('')

const requestText = (started: StartedEvent | undefined): string => {
  const text = started?.request_text ?? ''
  return text === '' ? '' : `${indented(text)}\n`
}

const reasonText = (record: OpRecord): string => {
  const reason = reasonOf(record)
  return reason === undefined ? '' : `\nWhy it ended so\n${indented(reason)}`
}

const facts = ({ record, path }: ShownOp): Pair[] => {
  const { started, completed } = record
  return [
    ['profile', started?.profile_id],
    ['action', started?.action],
    ['mode', started && modeOfWork(started)],
    ['actor', started?.actor],
    ['model', started?.model_id],
    ['mission', started?.mission_id],
    ['work package', started?.wp_id],
    ['evidence', completed?.evidence_ref],
    ['record', path],
  ]
}

const committed = ({ record, commit }: ShownOp): Pair => {
  if (commit === 'unknown') return ['committed', commit]
  if (commit !== undefined) return ['committed', `${commit.sha.slice(0, 10)} ${commit.subject}`]
  return ['committed', record.status === 'closed' ? 'no' : undefined]
}

const title = ({ record, summary }: ShownOp, style: Style): string => {
  const unclosed = summary?.left ? 'left' : record.status
  const outcome = unclosed === 'closed' ? (outcomeOf(record) ?? 'unknown') : unclosed
  const id = style.bold(printableLine(record.invocation_id ?? '?'))
  const took = summary?.duration_ms
  const after = took === undefined ? '' : ` after ${spanText(took)}`
  return `Op ${id}  ${outcomeText(outcome, style)}${after}\n\n`
}

const howToClose = ({ status, invocation_id }: OpRecord): string =>
  status === 'open' && invocation_id !== undefined
    ? `\nClose it: spec-kitty ops complete ${invocation_id} ${OUTCOME_TO_TYPE}\n`
    : ''

/** The story of one Op. */
export const opShowText = (op: ShownOp, style: Style): string => {
  const known = pairs([...facts(op), committed(op)], style.dim)
  const story = storyText(op.record, style)
  const problems = op.record.problems
    .map((problem) => `  ${problemLine(problem, style)}\n`)
    .join('')
  return (
    title(op, style) +
    requestText(op.record.started) +
    known +
    (story === '' ? '' : `\n${story}`) +
    reasonText(op.record) +
    howToClose(op.record) +
    (problems === '' ? '' : `\nProblems\n${problems}`)
  )
}
