import { isEvent, modeOfWork, type OpRecord, outcomeOf, type StartedEvent } from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import { outcomeText } from './outcome.js'
import { printableLine, printableLines } from './printable.js'
import { problemLine } from './problem.js'
import type { Style } from './style.js'
import { pairs } from './table.js'
import { momentText, spanText } from './time.js'

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

const requestText = (started: StartedEvent | undefined): string => {
  const text = started?.request_text ?? ''
  return text === ''
    ? ''
    : `${printableLines(text)
        .map((line) => `  ${line}`)
        .join('\n')}\n\n`
}

const when = (time: string | undefined): string | undefined =>
  time === undefined ? undefined : momentText(new Date(time))

const facts = ({ record, summary, path }: ShownOp): Pair[] => {
  const { started, completed } = record
  const took = summary?.duration_ms
  return [
    ['profile', started?.profile_id],
    ['action', started?.action],
    ['mode', started && modeOfWork(started)],
    ['actor', started?.actor],
    ['model', started?.model_id],
    ['mission', started?.mission_id],
    ['work package', started?.wp_id],
    ['opened', when(started?.started_at)],
    ['closed', when(completed?.completed_at)],
    ['took', took === undefined ? undefined : spanText(took)],
    ['closed by', completed?.closed_by],
    ['evidence', completed?.evidence_ref],
    ['record', path],
  ]
}

const links = ({ record }: ShownOp): Pair[] =>
  record.events.flatMap((event): Pair[] => {
    if (isEvent(event, 'artifact_link')) return [['made', `${event.ref} (${event.kind})`]]
    return isEvent(event, 'commit_link') ? [['commit made', event.sha]] : []
  })

const committed = ({ record, commit }: ShownOp): Pair => {
  if (commit === 'unknown') return ['committed', commit]
  if (commit !== undefined) return ['committed', `${commit.sha.slice(0, 10)} ${commit.subject}`]
  return ['committed', record.status === 'closed' ? 'no' : undefined]
}

const title = ({ record }: ShownOp, style: Style): string => {
  const outcome = record.status === 'closed' ? (outcomeOf(record) ?? 'unknown') : record.status
  const id = style.bold(printableLine(record.invocation_id ?? '?'))
  return `Op ${id}  ${outcomeText(outcome, style)}\n\n`
}

/** The story of one Op. */
export const opShowText = (op: ShownOp, style: Style): string => {
  const known = pairs([...facts(op), ...links(op), committed(op)], style.dim)
  const problems = op.record.problems
    .map((problem) => `  ${problemLine(problem, style)}\n`)
    .join('')
  return (
    title(op, style) +
    requestText(op.record.started) +
    known +
    (problems === '' ? '' : `\nProblems\n${problems}`)
  )
}
