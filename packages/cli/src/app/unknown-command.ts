import { UsageError } from '../command/errors.js'
import { nearest } from '../command/suggest.js'
import { REGISTRY } from './registry.js'

const COMMANDS = 'See: spec-kitty --help'

const NAMES = [...REGISTRY.keys()]

/** The command of that name but for its topic: `ops list` for `list`. */
const withoutTopic = (word = ''): string | undefined => {
  const isTopic = NAMES.some((name) => name.startsWith(`${word} `))
  return isTopic ? undefined : NAMES.find((name) => name.endsWith(` ${word}`))
}

/** The error for words that name no command. */
export const unknownCommand = (words: readonly string[]): UsageError => {
  const typed = words.slice(0, 2).join(' ')
  const meant = withoutTopic(words[0]) ?? nearest(typed, NAMES)
  const hint = meant === undefined ? COMMANDS : `Did you mean "${meant}"? ${COMMANDS}`
  const message = typed === '' ? 'A command is missing.' : `There is no command "${typed}".`
  return new UsageError('UNKNOWN_COMMAND', message, { hint })
}
