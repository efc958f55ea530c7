import { stripVTControlCharacters } from 'node:util'
import { KittyError } from '@kitty/record'
import { internalError, UsageError } from './errors.js'
import { nearest } from './suggest.js'

/** Where the mistake was made. */
export type CommandSite = {
  /** The command as it is typed, such as `ops list`. */
  readonly command: string
  readonly flags: readonly string[]
  /** The values of flags that take one of a few. */
  readonly choices?: Readonly<Record<string, readonly string[]>>
}

const helpFor = ({ command }: CommandSite): string => `See: spec-kitty ${command} --help`

const unknownFlag = (typed: string, site: CommandSite): UsageError => {
  const meant = nearest(typed.replace(/^-+/, ''), site.flags)
  const hint = meant === undefined ? helpFor(site) : `Did you mean --${meant}? ${helpFor(site)}`
  return new UsageError('UNKNOWN_FLAG', `"${site.command}" has no flag ${typed}.`, { hint })
}

const joinNames = (values: readonly unknown[]): string =>
  values
    .map((value) => {
      const named = typeof value === 'object' && value !== null && 'name' in value
      return String(named ? value.name : value)
    })
    .join(', ')

const missing = (names: string, site: CommandSite): UsageError =>
  new UsageError('ARGUMENT_MISSING', `"${site.command}" lacks: ${names}`, {
    hint: helpFor(site),
  })

const unexpected = (names: string, site: CommandSite): UsageError =>
  new UsageError('ARGUMENT_UNEXPECTED', `"${site.command}" does not take: ${names}`, {
    hint: `Put a text of several words in quotes. ${helpFor(site)}`,
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
const usageErrorOf = (error: Error, site: CommandSite): UsageError => {
  if ('flags' in error && Array.isArray(error.flags))
    return unknownFlag(String(error.flags[0]), site)
  if ('args' in error && Array.isArray(error.args)) {
    const names = joinNames(error.args)
    return error.message.startsWith('Missing') ? missing(names, site) : unexpected(names, site)
  }
  const message = oneLine(error.message)
  const [, flag] = MISSING_FLAG.exec(message) ?? []
  if (flag !== undefined) {
    const values = site.choices?.[flag]?.join(', ')
    return missing(`--${flag}${values === undefined ? '' : ` (${values})`}`, site)
  }
  return new UsageError('USAGE', message, { hint: helpFor(site) })
}

/** Any error as one with a code and a hint. */
export const asKittyError = (error: unknown, site: CommandSite): KittyError => {
  if (error instanceof KittyError) return error
  if (error instanceof Error && 'oclif' in error) return usageErrorOf(error, site)
  return internalError(error)
}
