import type { Io } from '../command/io.js'
import { firstDocument, readFirstDocument } from '../hooks/first-document.js'
import { otherFor } from './pass-on.js'

/** Reads the input of a hook, for more than one reader. Returns with it an `Io` that has it as its input. */
export const withInput = async (io: Io): Promise<{ readonly input: string; readonly io: Io }> => {
  const { isTTY, stream, read } = io.stdin
  const bytes = isTTY ? Buffer.alloc(0) : await (stream ? readFirstDocument(stream()) : read())
  const input = firstDocument(bytes)
  return { input, io: { ...io, stdin: { isTTY, read: async () => Buffer.from(input) } } }
}

/**
 * Runs the same hook of another `spec-kitty`, which the agent's settings meant, and prints its answer. How it ends does not
 * matter: an exit status could hold the agent. Never throws.
 */
export const runOtherHook = async (argv: readonly string[], io: Io, input: string) => {
  try {
    const other = otherFor(argv, io)
    if (other === undefined) return
    const { outputOfOther } = await import('./run-other.js')
    io.stdout.write(await outputOfOther(other, argv, io, input))
  } catch {
    // An error must not disturb the session.
  }
}
