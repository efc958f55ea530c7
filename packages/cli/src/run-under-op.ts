import type { Ops } from '@kitty/writer'
import { type Closed, closeAfterCommand, closedJson, closedNotes, commitStatus } from './closed.js'
import type { Io } from './io.js'
import { type Opened, openedJson, redactedNotes } from './opened.js'
import { closedLine } from './render/closed.js'
import type { Note, Report } from './report.js'
import { type Ended, runCommand } from './run-command.js'

/** What is run, and how. */
export type UnderOp = {
  readonly command: readonly string[]
  readonly io: Io
  readonly json: boolean
  readonly requireCommit: boolean
  /** Told the command's exit status before anything else can go wrong. */
  readonly onEnd: (exitStatus: number) => void
}

const endNotes = (command: readonly string[], ended: Ended): Note[] => {
  if (ended.notStarted === undefined) return []
  return [{ kind: 'warning', message: `"${command[0]}" could not be started: ${ended.notStarted}` }]
}

const reportOf = (opened: Opened, ended: Ended, closed: Closed, under: UnderOp): Report => {
  const { exitStatus, signal } = ended
  return {
    json: {
      ...openedJson(opened, 'closed'),
      ...closedJson(closed),
      command: { exit_status: exitStatus, ...(signal !== undefined && { signal }) },
    },
    text: () => '',
    notes: [
      ...redactedNotes(opened),
      ...endNotes(under.command, ended),
      { kind: 'note', message: closedLine(closed) },
      ...closedNotes(closed),
    ],
    exitStatus: exitStatus === 0 ? commitStatus(closed.commit, under.requireCommit) : exitStatus,
  }
}

/** Runs a command under an Op that was just opened, and closes the Op with what happened. */
export const runUnderOp = async (ops: Ops, opened: Opened, under: UnderOp): Promise<Report> => {
  const ended = await runCommand(under.command, under.io, under.json)
  under.onEnd(ended.exitStatus)
  const closed = await closeAfterCommand(ops, opened.op.invocation_id, ended.outcome)
  return reportOf(opened, ended, closed, under)
}
