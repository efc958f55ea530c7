import type { StartedEvent } from '@kitty/record'
import { type ModeOfWork, OUTCOMES } from '@kitty/record/vocabulary'
import type { PlannedOp, StartedOp } from '@kitty/writer'
import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { ownCommand, type Program } from '../command/program.js'
import type { Note } from '../command/result.js'
import type { OpenedJson } from '../json/work.js'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'

/** An Op that was opened, and the program that printed commands start. */
export type Opened = {
  readonly op: StartedOp
  readonly mode: ModeOfWork
  readonly program: Program
}

const TAKE_EVIDENCE: readonly ModeOfWork[] = ['task_execution', 'mission_step']

/** The command that closes an Op, without an outcome unless `flags` has one. */
const closeCommand = ({ op, program }: Opened, flags?: string): string =>
  ownCommand(program, 'ops complete', {
    operand: op.id,
    ...(flags !== undefined && { flags }),
  })

/** The fields about the governance context for programs. */
export const governanceJson = (event: StartedEvent) => ({
  governance_context_hash: event.governance_context_hash ?? '',
  governance_context_available: event.governance_context_available ?? false,
})

/** The fields about an Op for programs, with or without a command under it. */
export const openedJson = <Status extends 'open' | 'closed'>({ op }: Opened, status: Status) => ({
  invocation_id: op.id,
  status,
  profile_id: op.event.profile_id,
  action: op.event.action,
  path: op.path,
  ...governanceJson(op.event),
  ...(op.redacted > 0 && { redacted: op.redacted }),
})

/** How to close an Op, for programs. */
export const closeContract = (opened: Opened): OpenedJson['close_contract'] => ({
  command: closeCommand(opened),
  outcome_flag: '--outcome',
  outcomes: OUTCOMES,
  ...(TAKE_EVIDENCE.includes(opened.mode) && { evidence_flag: '--evidence' }),
  artifact_flag: '--artifact',
  commit_flag: '--commit',
  reason_flag: '--reason',
})

/** A warning with the number of secrets that were redacted. It never names them. */
export const redactedNotes = ({ redacted }: PlannedOp): Note[] => {
  if (redacted === 0) return []
  const what = redacted === 1 ? 'A secret' : `${redacted} secrets`
  return [
    {
      kind: 'warning',
      message: `${what} in the request ${redacted === 1 ? 'was' : 'were'} redacted before anything was written.`,
      hint: 'If that was not a secret, open the Op again with --no-redact.',
    },
  ]
}

/** The text about an opened Op: its id, its record, and how to close it. */
export const openedText = (opened: Opened, style: Style): string => {
  const { invocation_id, profile_id, action } = opened.op.event
  const what = `${printableLine(action)} by ${printableLine(profile_id)}`
  const close = closeCommand(opened, OUTCOME_TO_TYPE)
  return [
    `Opened    ${style.bold(invocation_id)}  ${what}\n`,
    `Record    ${opened.op.path}\n`,
    `Close it  ${printableLine(close)}\n`,
  ].join('')
}
