import type { Environment } from './environment.js'
import type { Io } from './io.js'

/** Who runs this command; `unknown` for a script, or an agent that nothing tells of. */
export type Caller = 'person' | 'agent' | 'unknown'

/**
 * A person is at a terminal: both standard input, where somebody types, and standard error, which a pipe
 * behind the command leaves alone. An agent may have a terminal too, so what it says of itself counts first.
 */
export const callerOf = ({ agent, session }: Environment, io: Io): Caller => {
  if (agent !== undefined || session !== undefined) return 'agent'
  return io.stdin.isTTY && io.stderr.isTTY ? 'person' : 'unknown'
}
