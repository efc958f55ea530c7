import type { CommitOnBranch } from '@kitty/git-commit/inspect'
import {
  eventFields,
  modeOfWork,
  type OpEvent,
  type OpRecord,
  outcomeOf,
  parseTimestamp,
  reasonOf,
  type StartedEvent,
} from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import type { Places } from '../command/listed-op.js'
import { ownCommand, type Program } from '../command/program.js'
import type { WorkTreeJson } from '../json/shared.js'
import { outcomePaint, outcomeText } from '../terminal/outcome.js'
import { printableLine, printableLines } from '../terminal/printable.js'
import { problemLine } from '../terminal/problem.js'
import type { Style } from '../terminal/style.js'
import { type Cell, pairs, table } from '../terminal/table.js'
import { momentText, spanText } from '../terminal/time.js'
import { usageText } from '../terminal/usage.js'
import { workTreeText } from '../terminal/work-tree.js'
import { placesText } from './op-cells.js'

type Step = {
  readonly at: string | undefined
  readonly what: string
  readonly more?: string | undefined
  readonly paint?: (text: string) => string
}

/** The field `at`, which most events have. */
const timeOf = (event: OpEvent): string | undefined => {
  const { at } = eventFields(event)
  return typeof at === 'string' && at !== '' ? at : undefined
}

/** A record says `agent` for a person, too. */
const CLOSERS = { agent: 'closed', doctor_sweep: 'closed by the doctor' } as const

const stepOf = (event: OpEvent, style: Style): Step => {
  const at = timeOf(event)
  if (event.event === 'started') return { at: event.started_at, what: 'opened' }
  if (event.event === 'completed') {
    const what = event.outcome ?? 'unknown'
    const more = event.closed_by && CLOSERS[event.closed_by]
    return { at: event.completed_at, what, more, paint: outcomePaint(what, style) }
  }
  if (event.event === 'artifact_link')
    return { at, what: 'artifact', more: `${event.ref} (${event.kind})` }
  if (event.event === 'commit_link') return { at, what: 'commit', more: event.sha }
  if (event.event === 'note') return { at, what: 'note' }
  if (event.event === 'usage') {
    const more = [event.model ?? '', usageText(event)].filter(Boolean).join(': ')
    return { at, what: 'usage', more }
  }
  return { at, what: event.name }
}

/** The first time in full, the others relative to it. */
const whenOf = (at: string | undefined, start: number | undefined, first: boolean): string => {
  const moment = at === undefined ? undefined : parseTimestamp(at)
  if (moment === undefined) return '?'
  const after = first || start === undefined ? undefined : moment - start
  return after === undefined ? momentText(new Date(moment)) : `+${spanText(Math.max(0, after))}`
}

const LONGEST_MOMENT = 19

/** The events of an Op, one on each line, indented. */
const eventsText = ({ events, started }: OpRecord, style: Style): string => {
  const start = started && parseTimestamp(started.started_at)
  const rows = events.map((event, number): Cell[] => {
    const { at, what, more = '', paint } = stepOf(event, style)
    const when = whenOf(at, start, number === 0).padStart(LONGEST_MOMENT)
    return [{ text: `  ${when}` }, { text: what, ...(paint && { paint }) }, { text: more }]
  })
  return table(rows)
}

/** The commit that contains a record; `none` if no commit does, `unknown` if git failed. */
export type CommitOfRecord =
  | ({ readonly kind: 'commit' } & CommitOnBranch)
  | { readonly kind: 'none' | 'unknown' }

/** One Op with everything that is shown about it. */
export type ShownOp = {
  readonly record: OpRecord
  readonly path: string
  /** `undefined` if the record has no readable start. */
  readonly summary: OpSummary | undefined
  readonly commit: CommitOfRecord
  /** Its work tree, if it is another one. */
  readonly workTree?: WorkTreeJson | undefined
  readonly places: Places
  readonly program: Program
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
  return reason === undefined ? '' : `\nReason\n${indented(reason)}`
}

/** Whether no disk and no branch that is checked out has the record. */
const isOnlyInLedger = ({ in: [first] }: Places): boolean => first === 'ledger'

const facts = ({ record, path, workTree, places }: ShownOp): Pair[] => {
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
    ['work tree', workTree && workTreeText(workTree)],
    ['record', isOnlyInLedger(places) ? undefined : path],
    ['in', placesText(places) || undefined],
    ['writer', places.writer],
  ]
}

const committed = ({ record, commit, places }: ShownOp): Pair => {
  if (commit.kind === 'unknown') return ['committed', commit.kind]
  if (commit.kind === 'commit') return ['committed', `${commit.sha.slice(0, 10)} ${commit.subject}`]
  const not = places.in.includes('ledger') ? 'not here, kept in the ledger' : 'no'
  return ['committed', record.status === 'closed' ? not : undefined]
}

const branch = ({ commit }: ShownOp): Pair => [
  'branch',
  commit.kind === 'commit' ? commit.branch : undefined,
]

const title = ({ record, summary }: ShownOp, style: Style): string => {
  const state = record.status === 'closed' ? outcomeOf(record) : record.status
  const outcome = summary?.left ? 'left' : state
  const id = style.bold(printableLine(record.invocation_id ?? '?'))
  const took = summary?.duration_ms
  const after = took === undefined ? '' : ` after ${spanText(took)}`
  return `Op ${id}  ${outcomeText(outcome, style)}${after}\n\n`
}

const howToClose = ({ record, program }: ShownOp): string => {
  if (record.status !== 'open') return ''
  const { invocation_id: operand } = record
  const command = ownCommand(program, 'ops complete', { operand, flags: OUTCOME_TO_TYPE })
  return `\nClose it: ${printableLine(command)}\n`
}

/** The text about one Op. */
export const opShowText = (op: ShownOp, style: Style): string => {
  const known = pairs([...facts(op), committed(op), branch(op)], style.dim)
  const events = eventsText(op.record, style)
  const problems = op.record.problems
    .map((problem) => `  ${problemLine(problem, style)}\n`)
    .join('')
  return (
    title(op, style) +
    requestText(op.record.started) +
    known +
    (events === '' ? '' : `\n${events}`) +
    reasonText(op.record) +
    howToClose(op) +
    (problems === '' ? '' : `\nProblems\n${problems}`)
  )
}
