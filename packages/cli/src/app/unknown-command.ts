import { shellWord } from '@kitty/writer/internals'
import { BaseCommand } from '../command/base-command.js'
import { UsageError } from '../command/errors.js'
import { helpCommand } from '../command/program.js'
import { meantWord, nearest } from '../command/suggest.js'
import { unknownFlag } from '../command/usage.js'
import { SPEC_KITTY } from '../package-info.js'
import { canBeOther } from '../upstream/other-commands.js'
import type { CommandLine } from './command-line.js'
import { REGISTRY } from './registry.js'

const NAMES = [...REGISTRY.keys()]

/** The commands that are one word; the next can be anything. */
const ONE_WORD = NAMES.filter((name) => !name.includes(' '))

const FLAGS = [...Object.keys(BaseCommand.baseFlags), 'version']

/** The second words of the commands in a topic; empty if there is no such topic. */
const wordsIn = (topic: string): readonly string[] =>
  NAMES.filter((name) => name.startsWith(`${topic} `)).map((name) => name.slice(topic.length + 1))

/** The command that was meant by a word without its topic: `ops list` for `list`, `ops complete` for `close`. */
const byLastWord = (typed: string): string | undefined => {
  const lastOf = (name: string): string => name.split(' ').at(-1) ?? name
  const meant = meantWord(typed, [...new Set(NAMES.map(lastOf))])
  return meant === undefined ? undefined : NAMES.find((name) => lastOf(name) === meant)
}

const inTopic = (topic: string, word: string): string | undefined => {
  const meant = meantWord(word, wordsIn(topic))
  if (meant !== undefined) return `${topic} ${meant}`
  const turned = `${word} ${topic}`
  return REGISTRY.has(turned) ? turned : undefined
}

/** The command of a topic whose name was mistyped: `ops list` for `op list`. */
const inNearTopic = (topic: string, word: string): string | undefined =>
  NAMES.find((name) => {
    const [first = '', ...rest] = name.split(' ')
    return rest.join(' ') === word && nearest(topic, [first]) !== undefined
  })

const hintFor = (meant?: string, topic?: string): string => {
  const help = `See: ${helpCommand(SPEC_KITTY, topic)}`
  return meant === undefined ? help : `Did you mean "${meant}"? ${help}`
}

/** The error for a command line without a known command. */
export type UnknownCommand = {
  readonly error: UsageError
  /** Whether the words are a command that we do not have, and so perhaps another program has. */
  readonly canBeOther: boolean
}

/** The error for a mistake that no other program has to see. */
const ownMistake = (message: string, hint: string): UnknownCommand => ({
  error: new UsageError('UNKNOWN_COMMAND', message, { hint }),
  canBeOther: false,
})

const NO_OTHER = 'There is no other "spec-kitty" on the PATH to pass it on to.'

const unknown = (
  words: readonly string[],
  meant: string | undefined,
  topic?: string,
): UnknownCommand => {
  const other = canBeOther(words, meant !== undefined)
  const hint = hintFor(meant, topic)
  const message = `Unknown command "${words.slice(0, 2).join(' ')}"`
  const details = { hint: other ? `${NO_OTHER} ${hint}` : hint }
  return { error: new UsageError('UNKNOWN_COMMAND', message, details), canBeOther: other }
}

/** The error for a topic with flags only. The flags are repeated if it has a single command. */
const missingAfter = (topic: string, { argv, words }: CommandLine): UnknownCommand => {
  const [only = '', ...others] = wordsIn(topic)
  const flags = argv.filter((word) => word !== topic).map((word) => shellWord(word))
  const meant = others.length === 0 ? [topic, only, ...flags].join(' ') : undefined
  const message = `Missing COMMAND after "${topic}" (${[only, ...others].join(', ')})`
  const { error } = ownMistake(message, hintFor(meant, topic))
  return { error, canBeOther: canBeOther(words, true) }
}

/** The first flag ahead of the words that is not a flag of every command. */
const strangeFlag = ({ argv, words: [first] }: CommandLine): string | undefined => {
  const ahead = first === undefined ? argv : argv.slice(0, argv.indexOf(first))
  return ahead.find(
    (word) => /^--?\w/.test(word) && !FLAGS.includes(word.slice(2).replace(/=.*$/s, '')),
  )
}

/** Finds out what is wrong with a command line without a known command. */
export const unknownCommand = (line: CommandLine): UnknownCommand => {
  const site = { program: SPEC_KITTY, flags: FLAGS }
  const strange = strangeFlag(line)
  if (strange !== undefined) return { error: unknownFlag(strange, site), canBeOther: false }
  const [first, second] = line.words
  if (first === undefined) return ownMistake('Missing COMMAND', hintFor())
  const isTopic = wordsIn(first).length > 0
  if (second === undefined) {
    return isTopic
      ? missingAfter(first, line)
      : unknown([first], byLastWord(first) ?? nearest(first, NAMES))
  }
  const typed = [first, second]
  if (isTopic) return unknown(typed, inTopic(first, second), first)
  const meant =
    inNearTopic(first, second) ??
    byLastWord(first) ??
    nearest(typed.join(' '), NAMES) ??
    nearest(first, ONE_WORD)
  return unknown(typed, meant)
}
