import type { Io } from './io.js'

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/** `told`: we passed a signal on. `typed`: the terminal sent its Ctrl-C, which may mean less than an end. */
export type Interruption = 'none' | 'told' | 'typed'

/** Signals to us, from now on heard instead of obeyed. */
export type Signals = {
  readonly interruption: () => Interruption
  /** The first signal that came. */
  readonly first: () => NodeJS.Signals | undefined
  /** Whom they are passed on to from now on. */
  readonly passTo: (kill: (signal: NodeJS.Signals) => void) => void
  readonly stop: () => void
}

/** A terminal sends what is typed to the command itself; a second one would mean "at once". */
const arrivesByItself = (signal: NodeJS.Signals, io: Io): boolean =>
  (signal === 'SIGINT' || signal === 'SIGQUIT') && (io.stdin.isTTY || io.stderr.isTTY)

/** Hears signals to us until it is stopped, so that none of them ends us with an Op left open. */
export const hearSignals = (io: Io): Signals => {
  let interruption: Interruption = 'none'
  let first: NodeJS.Signals | undefined
  let passOn: (signal: NodeJS.Signals) => void = () => undefined
  const hear = (signal: NodeJS.Signals): void => {
    first ??= signal
    if (!arrivesByItself(signal, io)) {
      interruption = 'told'
      passOn(signal)
    } else if (interruption === 'none') interruption = 'typed'
  }
  for (const signal of FORWARDED) io.signals.on(signal, hear)
  return {
    interruption: () => interruption,
    first: () => first,
    passTo: (kill) => {
      passOn = kill
    },
    stop: () => {
      for (const signal of FORWARDED) io.signals.off(signal, hear)
    },
  }
}
