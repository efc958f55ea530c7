import { UsageError } from './errors.js'
import { REGISTRY } from './registry.js'
import { nearest } from './suggest.js'

const COMMANDS = 'See: spec-kitty --help'

/** The error for words that name no command. */
export const unknownCommand = (words: readonly string[]): UsageError => {
  const typed = words.slice(0, 2).join(' ')
  const meant = nearest(typed, [...REGISTRY.keys()])
  const hint = meant === undefined ? COMMANDS : `Did you mean "${meant}"? ${COMMANDS}`
  const message = typed === '' ? 'A command is missing.' : `There is no command "${typed}".`
  return new UsageError('UNKNOWN_COMMAND', message, { hint })
}
