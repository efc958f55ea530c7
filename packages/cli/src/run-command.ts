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

/** `told`: we passed a signal on. `typed`: the terminal sent its Ctrl-C, which may mean less than an end. */
type Interruption = 'none' | 'told' | 'typed'

const endedOf = (result: Result, interruption: Interruption): Ended => {
  const { exitCode, signal, code } = result
  if (signal !== undefined) {
    const exitStatus = SIGNALLED + (constants.signals[signal] ?? 0)
    return { outcome: 'abandoned', exitStatus, signal }
  }
  if (exitCode === undefined) return notStarted(code)
  const well = exitCode === 0 ? 'done' : 'failed'
  const over = interruption === 'told' || (interruption === 'typed' && exitCode !== 0)
  return { outcome: over ? 'abandoned' : well, exitStatus: exitCode }
}

/** A terminal sends its Ctrl-C to the command itself; a second one would mean "at once". */
const arrivesByItself = (signal: NodeJS.Signals, io: Io): boolean =>
  signal === 'SIGINT' && (io.stdin.isTTY || io.stderr.isTTY)

type Listening = { readonly interruption: () => Interruption; readonly stop: () => void }

/** Hears signals to us, and passes them on. */
const passSignalsOn = (io: Io, kill: (signal: NodeJS.Signals) => void): Listening => {
  let interruption: Interruption = 'none'
  const hear = (signal: NodeJS.Signals): void => {
    if (arrivesByItself(signal, io)) {
      interruption = interruption === 'none' ? 'typed' : interruption
      return
    }
    interruption = 'told'
    kill(signal)
  }
  for (const signal of FORWARDED) io.signals.on(signal, hear)
  const stop = (): void => {
    for (const signal of FORWARDED) io.signals.off(signal, hear)
  }
  return { interruption: () => interruption, stop }
}

/**
 * Runs a command with our own standard streams, without a shell, and waits for its end. Signals to us
 * are passed on. With `quiet`, its standard output goes to our standard error.
 */
export const runCommand = async (
  [file = '', ...args]: readonly string[],
  io: Io,
  quiet: boolean,
): Promise<Ended> => {
  const { stdin, stdout, stderr } = io.handedOn
  const child = execa(file, args, {
    cwd: io.cwd,
    env: { ...io.variables },
    extendEnv: false,
    stdio: [stdin, quiet ? stderr : stdout, stderr],
    buffer: false,
    reject: false,
    // How long a command takes to end is its own business.
    forceKillAfterDelay: false,
  })
  const signals = passSignalsOn(io, (signal) => child.kill(signal))
  const result = await child.finally(signals.stop)
  return endedOf(result, signals.interruption())
}
