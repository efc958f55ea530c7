import { setTimeout as sleep } from 'node:timers/promises'
import type { Io } from '../command/io.js'

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/** `forwarded`: we passed a signal on. `terminal`: the terminal sent its Ctrl-C, which may mean less than an end. */
export type Interruption = 'none' | 'forwarded' | 'terminal'

/** Signals to us, from now on heard instead of obeyed. */
export type Signals = {
  /** What came until now; after a command has failed, also what a terminal sent to it and to us at once. */
  readonly interruption: (failed: boolean) => Promise<Interruption>
  /** The first signal that came. */
  readonly first: () => NodeJS.Signals | undefined
  /** Whom they are passed on to from now on. */
  readonly forwardTo: (kill: (signal: NodeJS.Signals) => void) => void
  readonly stop: () => void
}

/** How much later than a command's end we may hear of the Ctrl-C that ended it, in milliseconds. */
const SETTLE_MS = 50

const isAtTerminal = (io: Io): boolean => io.stdin.isTTY || io.stderr.isTTY

/** A terminal sends what is typed to the command itself; a second one would mean "at once". */
const arrivesByItself = (signal: NodeJS.Signals, io: Io): boolean =>
  (signal === 'SIGINT' || signal === 'SIGQUIT') && isAtTerminal(io)

/** Hears signals to us until it is stopped, so that none of them ends us with an Op left open. */
export const captureSignals = (io: Io): Signals => {
  let interruption: Interruption = 'none'
  let first: NodeJS.Signals | undefined
  let passOn: (signal: NodeJS.Signals) => void = () => undefined
  const hear = (signal: NodeJS.Signals): void => {
    const typed = arrivesByItself(signal, io)
    // One that somebody sent to us alone looks the same; whoever sends it again means "at once".
    if (!typed || first !== undefined) passOn(signal)
    first ??= signal
    if (!typed) interruption = 'forwarded'
    else if (interruption === 'none') interruption = 'terminal'
  }
  for (const signal of FORWARDED) io.signals.on(signal, hear)
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
      for (const signal of FORWARDED) io.signals.off(signal, hear)
    },
  }
}
