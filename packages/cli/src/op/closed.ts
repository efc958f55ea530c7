import { durationMs, type OpId, opCommitSubject, outcomeOf } from '@kitty/record'
import type { Closing, CommitResult, Completion, Ops } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import { hintedCommit } from '../command/hints.js'
import { ownCommand, type Program } from '../command/program.js'
import type { Note } from '../command/result.js'
import type { WorkTreeJson } from '../json/shared.js'
import type { ClosedJson } from '../json/work.js'
import { outcomeText } from '../terminal/outcome.js'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'
import { spanText } from '../terminal/time.js'
import { workTreeText } from '../terminal/work-tree.js'

/** The result of closing an Op. */
export type Closed = Omit<Completion, 'state'> &
  Partial<Pick<Completion, 'state'>> & {
    /** The work tree that it was opened in, if it is another one. */
    readonly workTree?: WorkTreeJson
    /** Whether `commit` is about the ledger, and no branch is to have the record. */
    readonly isLedgerAlone?: boolean
  }

const commitOf = ({ commit, id, path }: Closed, program: Program): CommitResult =>
  hintedCommit(commit, { id, path }, program)

/** The JSON of `ops complete`. */
export const closedJson = (closed: Closed, program: Program): ClosedJson => {
  const { id, path, record, already, state, workTree, notes, linked } = closed
  return {
    result: 'success',
    invocation_id: id,
    ...definedFields({ work_tree: workTree }),
    outcome: outcomeOf(record),
    ...definedFields({ closed_by: record.completed.closed_by }),
    path,
    ...(already && { already: true }),
    commit: commitOf(closed, program),
    ...definedFields({ state, linked_commits: linked }),
    ...(notes.length > 0 && { notes }),
  }
}

const NOT_IN_BRANCH = {
  deferred: 'not committed yet',
  refused: 'its commit was refused',
  failed: 'its commit failed',
} as const

const NOT_IN_LEDGER = {
  deferred: 'not in the ledger yet',
  refused: 'the ledger refused it',
  failed: 'adding it to the ledger failed',
} as const

/** What a warning about a missing commit says. */
type Uncommitted = {
  readonly what: string
  readonly why: string | undefined
  readonly message: string
  readonly hint?: string
}

const warningOf = ({ what, why, message, hint }: Uncommitted): Note => ({
  kind: 'warning',
  message: `${what}${why === undefined ? '' : ` (${why})`}: ${message}`,
  ...(hint && { hint }),
})

const isKept = ({ ledger }: CommitResult): boolean => ledger?.status === 'committed'

const branchNotes = (commit: CommitResult, isLedgerAlone: boolean): Note[] => {
  if (commit.status === 'skipped') return []
  if (commit.status === 'committed') {
    return (commit.notes ?? []).map((message) => ({ kind: 'note', message }))
  }
  const why = commit.status === 'deferred' ? commit.reason : commit.code
  const missing = (isLedgerAlone ? NOT_IN_LEDGER : NOT_IN_BRANCH)[commit.status]
  const what = `The Op is closed${isKept(commit) ? ' and kept in the ledger' : ''}, but ${missing}`
  return [warningOf({ ...commit, what, why })]
}

/** The warning about a record that only the branch has. If no home has it, the warning about the branch is enough. */
const ledgerNotes = (commit: CommitResult): Note[] => {
  const { ledger } = commit
  if (commit.status !== 'committed' || ledger === undefined || ledger.status === 'committed')
    return []
  const what = `The Op is committed, but ${NOT_IN_LEDGER[ledger.status]}`
  return [warningOf({ ...ledger, what, why: ledger.reason })]
}

/** The warning about an Op that only its work tree has. */
const stateNotes = ({ state }: Closed, program: Program): Note[] => {
  if (state === undefined) return []
  const fix = ownCommand(program, 'doctor ops', { flags: '--fix' })
  return [
    {
      kind: 'warning',
      message: 'Until then, only this work tree has the Op: in kitty-ops/ and .kittify/state/.',
      hint: `Before you remove the work tree, run this where its git directory can be written: ${fix}`,
    },
  ]
}

/** The notes and warnings of a close. */
export const closedNotes = (closed: Closed, program: Program): Note[] => [
  ...closed.notes.map((message) => ({ kind: 'note', message }) as const),
  ...branchNotes(commitOf(closed, program), closed.isLedgerAlone === true),
  ...ledgerNotes(commitOf(closed, program)),
  ...stateNotes(closed, program),
]

/** The exit status of a close: 1 if a commit was required and there is none. */
export const commitStatus = (commit: CommitResult, required: boolean): number =>
  required && commit.status !== 'committed' ? 1 : 0

/** Whether the strategy of a store commits to the ledger and to no branch. */
export const isLedgerAlone = ({ strategy }: Ops): boolean => strategy.home === 'ref'

const BY_ITSELF = 'The Op was already closed, by the command or by another process.'

/** Closes an Op after its command. It is not an error if the Op is already closed. */
export const closeAfterCommand = async (ops: Ops, id: OpId, closing: Closing): Promise<Closed> => {
  const { AlreadyClosedError } = await import('@kitty/writer')
  try {
    const closed = { ...(await ops.complete(id, closing)), isLedgerAlone: isLedgerAlone(ops) }
    return closed.already ? { ...closed, notes: [BY_ITSELF, ...closed.notes] } : closed
  } catch (error) {
    if (!(error instanceof AlreadyClosedError)) throw error
    const { commit, file } = error
    const { record, path } = file
    const notes = [BY_ITSELF]
    return { id, record, path, commit, already: false, notes, isLedgerAlone: isLedgerAlone(ops) }
  }
}

const SHA = 10

const WHY_NOT = {
  'no-repository': 'not committed: this is not a git repository',
  disabled: 'not committed: commits are turned off',
  'closed-beside': 'none: kitty-ops/op-closures.jsonl closes the Op, and its record stays as it is',
} as const

const commitText = ({ commit, isLedgerAlone = false }: Closed): string => {
  if (commit.status === 'skipped') return WHY_NOT[commit.reason]
  if (commit.status === 'committed') {
    const how = isLedgerAlone ? 'added to the ledger' : 'committed'
    return `${how} as ${commit.sha.slice(0, SHA)}`
  }
  if (isLedgerAlone) return NOT_IN_LEDGER.deferred
  if (!isKept(commit)) return NOT_IN_BRANCH.deferred
  // After a refusal, the ledger is where it stays.
  const not = commit.status === 'refused' ? 'not committed' : NOT_IN_BRANCH.deferred
  return `${not}, kept in the ledger`
}

const after = ({ record }: Closed): string => {
  const duration = durationMs(record)
  return duration === undefined ? '' : ` after ${spanText(duration)}`
}

/** A close on one line, without a line end. */
export const closedLine = (closed: Closed): string =>
  `${closed.id} ${outcomeOf(closed.record)}${after(closed)}, ${commitText(closed)}`

/** Whether the record is in another work tree. */
const isElsewhere = (closed: Closed): closed is Closed & { readonly workTree: WorkTreeJson } =>
  closed.workTree?.status === 'present'

/** Where the record is: its path, unless its work tree is gone and no file here has it. */
const placeOf = ({ path, isLedgerAlone, workTree }: Closed): string =>
  isLedgerAlone && workTree?.status === 'gone' ? 'in the ledger' : path

/** A close in lines: outcome, work tree if it is another one, record, commit. */
export const closedText = (closed: Closed, style: Style): string => {
  const { record, commit, id } = closed
  const outcome = outcomeText(outcomeOf(record), style)
  const hasSubject = commit.status === 'committed' && closed.isLedgerAlone !== true
  const subject = hasSubject ? `  ${opCommitSubject(record)}` : ''
  return [
    `Closed  ${style.bold(id)}  ${outcome}${after(closed)}\n`,
    ...(isElsewhere(closed) ? [`Tree    ${printableLine(workTreeText(closed.workTree))}\n`] : []),
    `Record  ${placeOf(closed)}\n`,
    `Commit  ${commitText(closed)}${printableLine(subject)}\n`,
  ].join('')
}
