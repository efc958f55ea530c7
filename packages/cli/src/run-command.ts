import { constants } from 'node:os'
import type { Outcome } from '@kitty/record'
import { execa } from 'execa'
import type { Io } from './io.js'

/** How a command ended. */
export type Ended = {
  readonly outcome: Outcome
  /** Its own exit status; 128 and the signal's number, 126 and 127 as in a shell. */
  readonly exitStatus: number
  readonly signal?: NodeJS.Signals
  /** Why it could not even be started. */
  readonly notStarted?: string
}

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

const NOT_EXECUTABLE = 126
const NOT_FOUND = 127
const SIGNALLED = 128

type Result = {
  readonly exitCode?: number | undefined
  readonly signal?: NodeJS.Signals | undefined
  readonly code?: string | undefined
}

const notStarted = (code: string | undefined): Ended => {
  const outcome = 'failed'
  if (code === 'EACCES') {
    return { outcome, exitStatus: NOT_EXECUTABLE, notStarted: 'it is not executable' }
  }
  const why = code === undefined || code === 'ENOENT' ? 'there is no such command' : code
  return { outcome, exitStatus: NOT_FOUND, notStarted: why }
}

const endedOf = (result: Result, interrupted: boolean): Ended => {
  const { exitCode, signal, code } = result
  if (signal !== undefined) {
    const exitStatus = SIGNALLED + (constants.signals[signal] ?? 0)
    return { outcome: 'abandoned', exitStatus, signal }
  }
  if (exitCode === undefined) return notStarted(code)
  if (interrupted) return { outcome: 'abandoned', exitStatus: exitCode }
  return { outcome: exitCode === 0 ? 'done' : 'failed', exitStatus: exitCode }
}

/** A terminal sends its Ctrl-C to the command itself; a second one would mean "at once". */
const arrivesByItself = (signal: NodeJS.Signals, io: Io): boolean =>
  signal === 'SIGINT' && (io.stdin.isTTY || io.stderr.isTTY)

/**
 * Runs a command with our own standard streams, without a shell, and waits for its end. Signals to us
 * are passed on. With `quiet`, its standard output goes to our standard error.
 */
export const runCommand = async (
  command: readonly string[],
  io: Io,
  quiet: boolean,
): Promise<Ended> => {
  const [file = '', ...args] = command
  const { stdin, stdout, stderr } = io.handedOn
  const child = execa(file, args, {
    cwd: io.cwd,
    env: { ...io.variables },
    extendEnv: false,
    stdio: [stdin, quiet ? stderr : stdout, stderr],
    buffer: false,
    reject: false,
  })
  let interrupted = false
  const forward = (signal: NodeJS.Signals): void => {
    interrupted = true
    if (!arrivesByItself(signal, io)) child.kill(signal)
  }
  for (const signal of FORWARDED) io.signals.on(signal, forward)
  try {
    return endedOf(await child, interrupted)
  } finally {
    for (const signal of FORWARDED) io.signals.off(signal, forward)
  }
}
