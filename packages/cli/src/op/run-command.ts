import { constants } from 'node:os'
import type { OpId, Outcome } from '@kitty/record'
import { commandVariables } from '@kitty/writer/internals'
import { execa } from 'execa'
import type { Io } from '../command/io.js'
import type { Interruption, Signals } from './signals.js'

/** The end of a command. */
export type CommandExit = {
  readonly outcome: Outcome
  /** Its exit status. As in a shell: 128 plus the number of a signal, 126 if not executable, 127 if not found. */
  readonly exitStatus: number
  readonly signal?: NodeJS.Signals
  /** Why it could not be started. */
  readonly notStarted?: string
}

const NOT_EXECUTABLE = 126
const NOT_FOUND = 127
const SIGNALLED = 128

type Result = {
  readonly exitCode?: number | undefined
  readonly signal?: NodeJS.Signals | undefined
  readonly code?: string | undefined
}

const notStarted = (code: string | undefined): CommandExit => {
  const outcome = 'failed'
  if (code === 'EACCES') {
    return { outcome, exitStatus: NOT_EXECUTABLE, notStarted: 'it is not executable' }
  }
  const why = code === undefined || code === 'ENOENT' ? 'command not found' : code
  return { outcome, exitStatus: NOT_FOUND, notStarted: why }
}

const endedBy = (signal: NodeJS.Signals): CommandExit => {
  const exitStatus = SIGNALLED + (constants.signals[signal] ?? 0)
  return { outcome: 'abandoned', exitStatus, signal }
}

const exitOf = ({ exitCode, signal, code }: Result, interruption: Interruption): CommandExit => {
  if (signal !== undefined) return endedBy(signal)
  if (exitCode === undefined) return notStarted(code)
  const ended = exitCode === 0 ? 'done' : 'failed'
  const over = interruption === 'forwarded' || (interruption === 'terminal' && exitCode !== 0)
  return { outcome: over ? 'abandoned' : ended, exitStatus: exitCode }
}

type Start = { readonly io: Io; readonly opId: OpId; readonly quiet: boolean }

const start = ([file = '', ...args]: readonly string[], { io, opId, quiet }: Start) => {
  const { stdin, stdout, stderr } = io.inheritedStdio
  return execa(file, args, {
    cwd: io.cwd,
    // The doctor knows by it that the command runs, also if this process was killed.
    env: { ...io.variables, ...commandVariables(opId) },
    extendEnv: false,
    stdio: [stdin, quiet ? stderr : stdout, stderr],
    buffer: false,
    reject: false,
    // A command can take as long as it needs to end.
    forceKillAfterDelay: false,
  })
}

/**
 * Runs a command with the standard streams of this process, without a shell, and waits for its end. Signals are
 * passed on, except the first Ctrl-C of a terminal, which the terminal sends to the command itself. The command is
 * not started if a signal was received first. With `quiet`, its standard output goes to standard error. It finds the id
 * of its Op in `SPEC_KITTY_OP`.
 */
export const runCommand = async (
  command: readonly string[],
  signals: Signals,
  how: Start,
): Promise<CommandExit> => {
  const early = signals.first()
  if (early !== undefined) return endedBy(early)
  const child = start(command, how)
  signals.forwardTo((signal) => child.kill(signal))
  const result = await child
  return exitOf(result, await signals.interruption(result.exitCode !== 0))
}

const TRIAL_MS = 20_000

/** Runs a command without input to see whether it works. Returns why it failed, or `undefined` if it did not. */
export const whyNotRunning = async (
  [file = '', ...args]: readonly string[],
  { variables, cwd }: Pick<Io, 'variables' | 'cwd'>,
): Promise<string | undefined> => {
  const { failed, shortMessage } = await execa(file, args, {
    cwd,
    env: { ...variables },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: TRIAL_MS,
  })
  return failed ? shortMessage : undefined
}
