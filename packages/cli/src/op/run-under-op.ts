import { KittyError } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import { explainSystemError } from '@kitty/writer/internals'
import type { Io } from '../command/io.js'
import type { Program } from '../command/program.js'
import type { CommandResult, Note } from '../command/result.js'
import type { RanJson } from '../json/work.js'
import { closerFor } from './close-from-elsewhere.js'
import { type Closed, closedJson, closedLine, closedNotes, commitStatus } from './closed.js'
import { type Opened, openedJson, redactedNotes } from './opened.js'
import { type CommandExit, runCommand } from './run-command.js'
import { captureSignals, type Signals } from './signals.js'

/** A command to run under an Op. */
export type RunOutcome = {
  readonly command: readonly string[]
  readonly io: Io
  readonly json: boolean
  readonly requireCommit: boolean
  readonly linkCommits: boolean
  readonly program: Program
  /** Opens the Op. */
  readonly open: () => Promise<Opened>
  /** Called with the command's exit status, before the Op is closed. */
  readonly onEnd: (exitStatus: number) => void
}

const endNotes = (command: readonly string[], ended: CommandExit): Note[] => {
  if (ended.notStarted === undefined) return []
  return [
    { kind: 'warning', message: `"${command[0]}" could not be started: ${ended.notStarted}.` },
  ]
}

type Happened = {
  readonly opened: Opened
  readonly ended: CommandExit
  readonly closed: Closed
}

const resultOf = (
  { opened, ended, closed }: Happened,
  under: RunOutcome,
): CommandResult<RanJson> => {
  const { exitStatus, signal } = ended
  return {
    json: {
      ...openedJson(opened, 'closed'),
      ...closedJson(closed, under.program),
      command: { exit_status: exitStatus, ...(signal !== undefined && { signal }) },
      ...(under.linkCommits && { linked_commits: closed.linked ?? [] }),
    },
    text: () => '',
    notes: [
      ...redactedNotes(opened.op),
      ...endNotes(under.command, ended),
      { kind: 'note', message: closedLine(closed) },
      ...closedNotes(closed, under.program),
    ],
    exitStatus: exitStatus === 0 ? commitStatus(closed.commit, under.requireCommit) : exitStatus,
  }
}

/** The error of a close, with the Op and the outcome that it should have. A bug stays as it is. */
const notClosed = ({ op }: Opened, { outcome }: CommandExit, error: unknown): unknown => {
  const known = explainSystemError(error)
  if (!(known instanceof KittyError)) return error
  const { code, message, hint } = known
  const what = `The command has ended (${outcome}), but its Op ${op.id} could not be closed: ${message}`
  return new KittyError(code, what, { hint, about: { id: op.id, ...known.about }, cause: error })
}

const runAndClose = async (ops: Ops, under: RunOutcome, signals: Signals): Promise<Happened> => {
  const close = await closerFor(ops, under)
  const opened = await under.open()
  const ended = await runCommand(under.command, signals, {
    io: under.io,
    opId: opened.op.id,
    quiet: under.json,
  })
  under.onEnd(ended.exitStatus)
  const closing = { outcome: ended.outcome, link_commits: under.linkCommits }
  const closed = await close(opened.op.id, closing).catch((error) => {
    throw notClosed(opened, ended, error)
  })
  return { opened, ended, closed }
}

/** Opens an Op, runs a command under it, and closes it with the outcome of the command. */
export const runUnderOp = async (ops: Ops, under: RunOutcome): Promise<CommandResult<RanJson>> => {
  const signals = captureSignals(under.io)
  try {
    return resultOf(await runAndClose(ops, under, signals), under)
  } finally {
    signals.stop()
  }
}
