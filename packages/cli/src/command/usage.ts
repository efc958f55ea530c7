import { stripVTControlCharacters } from 'node:util'
import { KittyError } from '@kitty/record'
import { internalError, UsageError } from './errors.js'
import { nearest } from './suggest.js'

/** Where the mistake was made. */
export type Place = {
  /** The command as it is typed, such as `ops list`. */
  readonly command: string
  readonly flags: readonly string[]
  /** The values of flags that take one of a few. */
  readonly choices?: Readonly<Record<string, readonly string[]>>
}

const helpFor = ({ command }: Place): string => `See: spec-kitty ${command} --help`

const unknownFlag = (typed: string, place: Place): UsageError => {
  const meant = nearest(typed.replace(/^-+/, ''), place.flags)
  const hint = meant === undefined ? helpFor(place) : `Did you mean --${meant}? ${helpFor(place)}`
  return new UsageError('UNKNOWN_FLAG', `"${place.command}" has no flag ${typed}.`, { hint })
}

const namesIn = (values: readonly unknown[]): string =>
  values
    .map((value) => {
      const named = typeof value === 'object' && value !== null && 'name' in value
      return String(named ? value.name : value)
    })
    .join(', ')

const missing = (names: string, place: Place): UsageError =>
  new UsageError('ARGUMENT_MISSING', `"${place.command}" lacks: ${names}`, {
    hint: helpFor(place),
  })

const unexpected = (names: string, place: Place): UsageError =>
  new UsageError('ARGUMENT_UNEXPECTED', `"${place.command}" does not take: ${names}`, {
    hint: `Put a text of several words in quotes. ${helpFor(place)}`,
  })

const APART = /^--([\w-]+)(?:=.*)? cannot also be provided when using --([\w-]+)$/

/** What the parser says of flags that do not go together, in our words, and the same for both of them. */
const reworded = (line: string): string => {
  const [, one, other] = APART.exec(line) ?? []
  if (one === undefined || other === undefined) return line
  const [first, second] = [one, other].toSorted()
  return `--${first} and --${second} do not go together.`
}

const oneLine = (message: string): string => {
  const lines = stripVTControlCharacters(message)
    .replace(/\s*See more help with --help\s*$/, '')
    .replace(/^Parsing (--\S+)\s+/, '$1: ')
    .replace(/^The following errors? occurred:/, '')
    .split('\n')
    .map((line) => reworded(line.trim()))
  return [...new Set(lines)].filter((line) => line !== '').join(' ')
}

const MISSING_FLAG = /^Missing required flag (\S+)$/

/** What the parser of oclif throws. It is told by its looks: errors alone are no reason to load oclif. */
const usageErrorOf = (error: Error, place: Place): UsageError => {
  if ('flags' in error && Array.isArray(error.flags))
    return unknownFlag(String(error.flags[0]), place)
  if ('args' in error && Array.isArray(error.args)) {
    const names = namesIn(error.args)
    return error.message.startsWith('Missing') ? missing(names, place) : unexpected(names, place)
  }
  const message = oneLine(error.message)
  const [, flag] = MISSING_FLAG.exec(message) ?? []
  if (flag !== undefined) {
    const values = place.choices?.[flag]?.join(', ')
    return missing(`--${flag}${values === undefined ? '' : ` (${values})`}`, place)
  }
  return new UsageError('USAGE', message, { hint: helpFor(place) })
}

/** Any error as one with a code and a hint. */
export const asKittyError = (error: unknown, place: Place): KittyError => {
  if (error instanceof KittyError) return error
  if (error instanceof Error && 'oclif' in error) return usageErrorOf(error, place)
  return internalError(error)
}
