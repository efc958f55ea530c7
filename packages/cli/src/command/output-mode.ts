import { readEnvironment } from './environment.js'
import type { Io } from './io.js'
import { namedRoot } from './named-root.js'
import type { Program, ProgramName } from './program.js'

/** The form of the output, and what printed commands repeat of this run. */
export type OutputMode = Program & {
  /** Whether to print one JSON document instead of text for people. */
  readonly json: boolean
  /** Whether a terminal can be sent escape sequences. */
  readonly colour: boolean
  /** Whether to print the stack of an error. */
  readonly debug: boolean
}

/** Reads the bare arguments, so that it works even if they cannot be parsed. */
export const outputModeOf = (
  argv: readonly string[],
  io: Io,
  { bin, topicSeparator }: ProgramName,
): OutputMode => {
  const { colour, debug } = readEnvironment(io.variables)
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  return {
    bin,
    topicSeparator,
    json: flags.includes('--json'),
    colour: colour && !flags.includes('--no-color'),
    debug: debug || flags.includes('--debug'),
    root: namedRoot(flags, io),
  }
}
