import type { Environment } from './environment.js'
import type { Io } from './io.js'

/** Who runs this command; `unknown` for a script, or for an agent that is not detected. */
export type Caller = 'person' | 'agent' | 'unknown'

/**
 * Determines the caller. A person has a terminal on standard input and on standard error, which a pipe after the
 * command does not replace. An agent can have a terminal too, so its variables are checked first.
 */
export const callerOf = ({ agent, session }: Environment, io: Io): Caller => {
  if (agent !== undefined || session !== undefined) return 'agent'
  return io.stdin.isTTY && io.stderr.isTTY ? 'person' : 'unknown'
}
