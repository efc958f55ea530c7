import { stripVTControlCharacters } from 'node:util'
import { KittyError } from '@kitty/record'
import { explainSystemError } from '@kitty/writer/internals'
import { internalError, UsageError } from './errors.js'
import { helpCommand, type ProgramName } from './program.js'
import { meantWord } from './suggest.js'

/** The command that was used. */
export type CommandSite = {
  readonly program: ProgramName
  /** The command as it is typed, such as `ops list`; `undefined` for the program itself. */
  readonly command?: string
  readonly flags: readonly string[]
  /** The values of each flag and argument that takes a fixed set, by `--outcome` or `AGENT`. */
  readonly choices?: Readonly<Record<string, readonly string[]>>
}

const helpFor = ({ program, command }: CommandSite): string =>
  `See: ${helpCommand(program, command)}`

const didYouMean = (meant: readonly string[], site: CommandSite): string =>
  meant.length === 0 ? helpFor(site) : `Did you mean ${meant.join(' or ')}? ${helpFor(site)}`

const LETTER = /^-(\w)/

/** The flags that can be meant: those that begin with the letter of a short flag, or the one most like a long flag. */
const meantFlags = (typed: string, flags: readonly string[]): readonly string[] => {
  const [, letter] = LETTER.exec(typed) ?? []
  if (letter !== undefined) return flags.filter((flag) => flag.startsWith(letter))
  return [meantWord(typed.replace(/^-+/, ''), flags)].filter((flag) => flag !== undefined)
}

/** The error for a flag that the command, or the program, does not have. */
export const unknownFlag = (typed: string, site: CommandSite): UsageError => {
  const meant = meantFlags(typed, site.flags).map((flag) => `--${flag}`)
  return new UsageError('UNKNOWN_FLAG', `Unknown flag ${typed}`, { hint: didYouMean(meant, site) })
}

const SWITCH_VALUE = /^--([\w-]+)=/

/**
 * The error for a flag without a value that was given one, as in `--json=true`: the parser would take the value for an
 * argument, such as the request. `undefined` if there is none.
 */
export const valueOfSwitch = (
  argv: readonly string[],
  flags: Readonly<Record<string, { readonly type: string }>>,
  site: CommandSite,
): UsageError | undefined => {
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  const takesNext = (word = ''): boolean => flags[word.replace(/^--/, '')]?.type === 'option'
  const names = words.map((word, at) =>
    takesNext(words[at - 1]) ? undefined : SWITCH_VALUE.exec(word)?.[1],
  )
  const name = names.find((each = '') => flags[each]?.type === 'boolean')
  if (name === undefined) return undefined
  const hint = `Use --${name} alone, or leave it out. ${helpFor(site)}`
  return new UsageError('USAGE', `--${name} takes no value.`, { hint })
}

const joinNames = (values: readonly unknown[]): string =>
  values
    .map((value) => {
      const named = typeof value === 'object' && value !== null && 'name' in value
      return String(named ? value.name : value)
    })
    .join(', ')

/** A flag or an argument with the values that it takes. */
const withChoices = (name: string, { choices }: CommandSite): string => {
  const values = choices?.[name]
  return values === undefined ? name : `${name} (${values.join(', ')})`
}

const missing = (names: string, site: CommandSite): UsageError =>
  new UsageError('ARGUMENT_MISSING', `Missing ${withChoices(names, site)}`, {
    hint: helpFor(site),
  })

const NOT_A_CHOICE = /^Expected (?:(--[\w-]+)=)?(.*) to be one of: (.*)$/s

/** The error for a value outside a fixed set; `undefined` for another message of the parser. */
const notAChoice = (message: string, site: CommandSite): UsageError | undefined => {
  const [, flag, typed, listed] = NOT_A_CHOICE.exec(message) ?? []
  if (typed === undefined || listed === undefined) return undefined
  const values = listed.split(', ')
  const isSet = ([, set]: readonly [string, readonly string[]]) => set.join(', ') === listed
  const name = flag ?? Object.entries(site.choices ?? {}).find(isSet)?.[0] ?? 'the argument'
  const meant = [meantWord(typed, values)].flatMap((value) => (value ? [`"${value}"`] : []))
  const what = `Invalid value "${typed}" for ${name} (${listed})`
  return new UsageError('USAGE', what, { hint: didYouMean(meant, site) })
}

const unexpected = (values: readonly unknown[], site: CommandSite): UsageError => {
  const what = values.length === 1 ? 'Unexpected argument' : 'Unexpected arguments'
  return new UsageError('ARGUMENT_UNEXPECTED', `${what} ${joinNames(values)}`, {
    hint: `Put text with spaces in quotes. ${helpFor(site)}`,
  })
}

const EXCLUSIVE = /^--([\w-]+)(?:=.*)? cannot also be provided when using --([\w-]+)$/

const NO_NUMBER = /^(--\S+): Expected an integer.* but received: (.*)$/s

/** Rewords the parser's messages about numbers and about exclusive flags. Both flags give the same text. */
const reworded = (line: string): string => {
  const [, flag, typed] = NO_NUMBER.exec(line) ?? []
  if (typed !== undefined) return `${flag}: invalid number ${JSON.stringify(typed)}`
  const [, one, other] = EXCLUSIVE.exec(line) ?? []
  if (one === undefined || other === undefined) return line
  const [first, second] = [one, other].toSorted()
  return `--${first} and --${second} can't be used together.`
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

/** An error of oclif's parser. It is recognized by its fields, so that oclif need not be loaded. */
const usageErrorOf = (error: Error, site: CommandSite): UsageError => {
  if ('flags' in error && Array.isArray(error.flags))
    return unknownFlag(String(error.flags[0]), site)
  if ('args' in error && Array.isArray(error.args)) {
    return error.message.startsWith('Missing')
      ? missing(joinNames(error.args), site)
      : unexpected(error.args, site)
  }
  const message = oneLine(error.message)
  const [, flag] = MISSING_FLAG.exec(message) ?? []
  if (flag !== undefined) return missing(`--${flag}`, site)
  return notAChoice(message, site) ?? new UsageError('USAGE', message, { hint: helpFor(site) })
}

/** Converts anything thrown to an error with a code and a hint. */
export const asKittyError = (error: unknown, site: CommandSite): KittyError => {
  if (error instanceof KittyError) return error
  if (error instanceof Error && 'oclif' in error) return usageErrorOf(error, site)
  const explained = explainSystemError(error)
  return explained instanceof KittyError ? explained : internalError(error, site.program.bin)
}
