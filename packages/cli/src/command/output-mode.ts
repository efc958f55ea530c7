import { readEnvironment } from './environment.js'
import type { Io } from './io.js'
import { namedRoot } from './named-root.js'

/** How things are to be told. */
export type OutputMode = {
  /** One JSON document instead of text for people. */
  readonly json: boolean
  /** Escape sequences may go to a terminal. */
  readonly colour: boolean
  /** With the place in the code that an error comes from. */
  readonly debug: boolean
  /** The root that was named for this run: printed commands name it too. */
  readonly root: string | undefined
}

/** Looks at the bare arguments, because it must be known also where they cannot be understood. */
export const outputModeOf = (argv: readonly string[], io: Io): OutputMode => {
  const { colour, debug } = readEnvironment(io.variables)
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  return {
    json: flags.includes('--json'),
    colour: colour && !flags.includes('--no-color'),
    debug: debug || flags.includes('--debug'),
    root: namedRoot(flags, io),
  }
}
