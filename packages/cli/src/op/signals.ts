import { setTimeout as sleep } from 'node:timers/promises'
import type { Io } from '../command/io.js'

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/**
 * `forwarded`: this process passed a signal on. `terminal`: the terminal sent Ctrl-C to the command, which can survive it.
 */
export type Interruption = 'none' | 'forwarded' | 'terminal'

/** The signals to this process. While they are captured, they do not end it. */
export type Signals = {
  /** The interruption so far. After a failed command, waits a moment for the Ctrl-C that could have ended it. */
  readonly interruption: (failed: boolean) => Promise<Interruption>
  /** The first signal received. */
  readonly first: () => NodeJS.Signals | undefined
  /** Sets the function that passes signals on. */
  readonly forwardTo: (kill: (signal: NodeJS.Signals) => void) => void
  readonly stop: () => void
}

/** The time after a command's end within which the Ctrl-C that ended it arrives here, in milliseconds. */
const SETTLE_MS = 50

const isAtTerminal = (io: Io): boolean => io.stdin.isTTY || io.stderr.isTTY

/** Whether the terminal has sent a signal to the command too. */
const arrivesByItself = (signal: NodeJS.Signals, io: Io): boolean =>
  (signal === 'SIGINT' || signal === 'SIGQUIT') && isAtTerminal(io)

/** Captures signals until it is stopped, so that no signal ends this process and leaves an Op open. */
export const captureSignals = (io: Io): Signals => {
  let interruption: Interruption = 'none'
  let first: NodeJS.Signals | undefined
  let passOn: (signal: NodeJS.Signals) => void = () => undefined
  const capture = (signal: NodeJS.Signals): void => {
    const typed = arrivesByItself(signal, io)
    // A signal sent only to this process looks the same. A second one is passed on in any case.
    if (!typed || first !== undefined) passOn(signal)
    first ??= signal
    if (!typed) interruption = 'forwarded'
    else if (interruption === 'none') interruption = 'terminal'
  }
  for (const signal of FORWARDED) io.signals.on(signal, capture)
  return {
    interruption: async (failed) => {
      if (failed && interruption === 'none' && isAtTerminal(io)) await sleep(SETTLE_MS)
      return interruption
    },
    first: () => first,
    forwardTo: (kill) => {
      passOn = kill
    },
    stop: () => {
      for (const signal of FORWARDED) io.signals.off(signal, capture)
    },
  }
}
