import { constants } from 'node:os'
import type { Outcome } from '@kitty/record'
import { execa } from 'execa'
import type { Io } from '../command/io.js'
import type { Interruption, Signals } from './signals.js'

/** How a command ended. */
export type CommandExit = {
  readonly outcome: Outcome
  /** Its own exit status; 128 and the signal's number, 126 and 127 as in a shell. */
  readonly exitStatus: number
  readonly signal?: NodeJS.Signals
  /** Why it could not even be started. */
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
  const why = code === undefined || code === 'ENOENT' ? 'there is no such command' : code
  return { outcome, exitStatus: NOT_FOUND, notStarted: why }
}

const endedBy = (signal: NodeJS.Signals): CommandExit => {
  const exitStatus = SIGNALLED + (constants.signals[signal] ?? 0)
  return { outcome: 'abandoned', exitStatus, signal }
}

const exitOf = ({ exitCode, signal, code }: Result, interruption: Interruption): CommandExit => {
  if (signal !== undefined) return endedBy(signal)
  if (exitCode === undefined) return notStarted(code)
  const well = exitCode === 0 ? 'done' : 'failed'
  const over = interruption === 'forwarded' || (interruption === 'terminal' && exitCode !== 0)
  return { outcome: over ? 'abandoned' : well, exitStatus: exitCode }
}

const start = ([file = '', ...args]: readonly string[], io: Io, quiet: boolean) => {
  const { stdin, stdout, stderr } = io.inheritedStdio
  return execa(file, args, {
    cwd: io.cwd,
    env: { ...io.variables },
    extendEnv: false,
    stdio: [stdin, quiet ? stderr : stdout, stderr],
    buffer: false,
    reject: false,
    // How long a command takes to end is its own business.
    forceKillAfterDelay: false,
  })
}

/**
 * Runs a command with our own standard streams, without a shell, and waits for its end. Signals to us
 * are passed on, but for a terminal's first Ctrl-C, which the command gets from there; one that came before has the command not started at all. With `quiet`, its standard
 * output goes to our standard error.
 */
export const runCommand = async (
  command: readonly string[],
  io: Io,
  signals: Signals,
  quiet: boolean,
): Promise<CommandExit> => {
  const early = signals.first()
  if (early !== undefined) return endedBy(early)
  const child = start(command, io, quiet)
  signals.forwardTo((signal) => child.kill(signal))
  const result = await child
  return exitOf(result, await signals.interruption(result.exitCode !== 0))
}
