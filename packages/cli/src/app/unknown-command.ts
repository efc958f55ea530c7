import { UsageError } from '../command/errors.js'
import { helpCommand } from '../command/program.js'
import { nearest } from '../command/suggest.js'
import { SPEC_KITTY } from '../package-info.js'
import { REGISTRY } from './registry.js'

const COMMANDS = `See: ${helpCommand(SPEC_KITTY, '')}`

const NAMES = [...REGISTRY.keys()]

/** The command that was typed without its topic: `ops list` for `list`. */
const withoutTopic = (word = ''): string | undefined => {
  const isTopic = NAMES.some((name) => name.startsWith(`${word} `))
  return isTopic ? undefined : NAMES.find((name) => name.endsWith(` ${word}`))
}

/** The error for words that are not a command. */
export const unknownCommand = (words: readonly string[]): UsageError => {
  const typed = words.slice(0, 2).join(' ')
  const meant = withoutTopic(words[0]) ?? nearest(typed, NAMES)
  const hint = meant === undefined ? COMMANDS : `Did you mean "${meant}"? ${COMMANDS}`
  const message = typed === '' ? 'Missing COMMAND' : `Unknown command "${typed}"`
  return new UsageError('UNKNOWN_COMMAND', message, { hint })
}
