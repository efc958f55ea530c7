import { createHash } from 'node:crypto'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { PASSED_ON, readEnvironment } from '../command/environment.js'
import type { Io, Variables } from '../command/io.js'
import { captureSignals } from '../op/signals.js'
import { findOtherProgram } from './other-program.js'
import { type Other, runOther } from './run-other.js'

const SEPARATOR = '\n'

/** Arguments can be long, and can hold secrets. */
const digestOf = (argv: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(argv)).digest('hex')

/**
 * The programs that this very command was passed on to. A program that calls us with other arguments, as the Python one
 * does, does not count.
 */
const triedBefore = (argv: readonly string[], variables: Variables): readonly string[] => {
  const [digest, ...programs] = (readEnvironment(variables).passedOn ?? '').split(SEPARATOR)
  return digest === digestOf(argv) ? programs : []
}

/** Finds the program to pass a command on to. Returns `undefined` if there is none that was not tried. */
export const otherFor = (argv: readonly string[], io: Io): Other | undefined => {
  const tried = triedBefore(argv, io.variables)
  const program = findOtherProgram(io, tried)
  if (program === undefined) return undefined
  const passedOn = [digestOf(argv), ...tried, program].join(SEPARATOR)
  return { program, variables: { ...io.variables, [PASSED_ON]: passedOn } }
}

const NOT_STARTED = 126
const SIGNALLED = 128

/** How long a signal to this process can take to end it, in milliseconds. */
const DYING_MS = 1_000

/** Ends this process as the other one ended, so that a shell sees the same. */
const endBy = async (signal: NodeJS.Signals, io: Io): Promise<number> => {
  if (io.signals === process) {
    process.kill(process.pid, signal)
    await sleep(DYING_MS)
  }
  return SIGNALLED + (constants.signals[signal] ?? 0)
}

/**
 * Runs another `spec-kitty` with the same arguments, streams, folder and signals. Returns its exit status; if a signal ended
 * it, that signal ends this process, too.
 */
export const passOn = async (other: Other, argv: readonly string[], io: Io): Promise<number> => {
  const signals = captureSignals(io)
  const { exitCode, signal, shortMessage } = await runOther(other, argv, io, signals).finally(
    signals.stop,
  )
  if (signal !== undefined) return endBy(signal, io)
  if (exitCode !== undefined) return exitCode
  io.stderr.write(`spec-kitty: ${other.program} could not be started: ${shortMessage}\n`)
  return NOT_STARTED
}
