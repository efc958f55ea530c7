import { type ModeOfWork, OUTCOMES } from '@kitty/record/vocabulary'
import type { PlannedOp, StartedOp } from '@kitty/writer'
import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { ownCommand, type Program } from '../command/program.js'
import type { Note } from '../command/result.js'
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
    operand: op.invocation_id,
    ...(flags !== undefined && { flags }),
  })

/** What both forms of opening say about the Op. */
export const openedJson = ({ op }: Opened, status: 'open' | 'closed') => ({
  invocation_id: op.invocation_id,
  status,
  profile_id: op.event.profile_id,
  action: op.event.action,
  path: op.path,
  governance_context_hash: op.event.governance_context_hash,
  governance_context_available: op.event.governance_context_available,
  ...(op.redacted > 0 && { redacted: op.redacted }),
})

/** How to close the Op, for programs. */
export const closeContract = (opened: Opened) => ({
  command: closeCommand(opened),
  outcome_flag: '--outcome',
  outcomes: OUTCOMES,
  ...(TAKE_EVIDENCE.includes(opened.mode) && { evidence_flag: '--evidence' }),
  artifact_flag: '--artifact',
  commit_flag: '--commit',
  reason_flag: '--reason',
})

/** How many secrets were taken out of the request; never which. */
export const redactedNotes = ({ redacted }: PlannedOp): Note[] => {
  if (redacted === 0) return []
  const what = redacted === 1 ? 'A secret was' : `${redacted} secrets were`
  return [
    {
      kind: 'warning',
      message: `${what} taken out of the request before anything was written.`,
      hint: 'If it was none, open the Op again with --no-redact.',
    },
  ]
}

/** What was opened, where it is kept, and how to close it. */
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
