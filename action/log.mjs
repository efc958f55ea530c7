// What the runner reads from the log of a step. A line that begins with two colons is a command to it, so texts that are
// not this program's own are escaped.
import { randomUUID } from 'node:crypto'

const data = (text) =>
  String(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/** Prints an annotation: `notice`, `warning` or `error`. */
export const annotate = (kind, message) => {
  process.stdout.write(`::${kind} title=spec-kitty Ops::${data(message)}\n`)
}

/** Prints a text that is not to be read as commands, whatever is in it. */
export const print = (text) => {
  const end = randomUUID()
  process.stdout.write(`::stop-commands::${end}\n${text}\n::${end}::\n`)
}
