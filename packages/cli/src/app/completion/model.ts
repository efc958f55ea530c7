import { BaseCommand, type CommandClass } from '../../command/base-command.js'
import type { ProgramName } from '../../command/program.js'
import type { OpIdKind } from '../../commands/completion.js'
import { TOPICS } from '../../package-info.js'

/** The values of a flag or an argument. There is no completion for `text`. */
export type Values =
  | { readonly kind: 'text' | 'files' | 'folders' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'ids'; readonly of: OpIdKind }

/** A flag. */
export type Flag = {
  /** With its dashes. */
  readonly long: string
  /** The short form, with its dash. */
  readonly short: string | undefined
  readonly summary: string
  readonly multiple: boolean
  /** `undefined` if the flag takes no value. */
  readonly takes: Values | undefined
}

/** An argument. */
export type Arg = { readonly label: string; readonly multiple: boolean; readonly takes: Values }

/** A command, a topic, or the program itself. */
export type Completed = {
  /** The words that are typed for it: `ops list`; empty for the program itself. */
  readonly typed: string
  readonly flags: readonly Flag[]
  readonly args: readonly Arg[]
  /** The words that can follow it: commands and topics. */
  readonly next: readonly { readonly word: string; readonly summary: string }[]
  /** Whether it runs the command after `--`. */
  readonly runsCommand: boolean
}

/** Everything that a script for a shell needs. */
export type CompletionModel = {
  readonly bin: string
  /** The same as part of the name of a function. */
  readonly name: string
  readonly completed: readonly Completed[]
}

/** The commands to complete, with their summaries, and how to load one. */
export type Commands = {
  readonly summaries: ReadonlyMap<string, string>
  readonly load: (name: string) => Promise<CommandClass | undefined>
  /** Values that the commands themselves do not list, by the name that the help has for a value. */
  readonly words: Readonly<Record<string, readonly string[]>>
}

const BY_LABEL: Readonly<Record<string, Values>> = {
  FILE: { kind: 'files' },
  PATH: { kind: 'files' },
  FOLDER: { kind: 'folders' },
}

/** The Ops that each command accepts as `ID`. */
const IDS: Readonly<Record<string, OpIdKind>> = {
  'ops complete': 'open',
  'profile-invocation complete': 'open',
  'ops show': 'any',
  'ops restore': 'missing',
}

type ValuesOf = (options: readonly string[] | undefined, label: string) => Values

const valuesFor =
  (name: string, words: Commands['words']): ValuesOf =>
  (options, label) => {
    const choices = options ?? words[label]
    if (choices !== undefined) return { kind: 'words', words: choices }
    const ids = IDS[name]
    if (label === 'ID' && ids !== undefined) return { kind: 'ids', of: ids }
    return BY_LABEL[label] ?? { kind: 'text' }
  }

const flagsOf = (flags: CommandClass['baseFlags'], valuesOf: ValuesOf): readonly Flag[] =>
  Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, flag]) => ({
      long: `--${name}`,
      short: flag.char && `-${flag.char}`,
      summary: flag.summary ?? '',
      multiple: flag.type === 'option' && flag.multiple === true,
      takes:
        flag.type === 'option' ? valuesOf(flag.options, String(flag.helpValue ?? '')) : undefined,
    }))

const VERSION: Flag = {
  long: '--version',
  short: undefined,
  summary: 'Print the version.',
  multiple: false,
  takes: undefined,
}

/** The program itself, or a topic. Flags can come before a command, but not between its words. */
const parent = (typed: string, { summaries, words }: Commands, separator: string): Completed => {
  const before = typed === '' ? '' : `${typed} `
  const next = new Map<string, string>()
  for (const [name, summary] of summaries) {
    const whole = name.replaceAll(' ', separator)
    if (!whole.startsWith(before)) continue
    const [word = '', ...more] = whole.slice(before.length).split(' ')
    next.set(word, more.length === 0 ? summary : (TOPICS[word]?.description ?? ''))
  }
  return {
    typed,
    flags: typed === '' ? [...flagsOf(BaseCommand.baseFlags, valuesFor('', words)), VERSION] : [],
    args: [],
    next: [...next].map(([word, summary]) => ({ word, summary })),
    runsCommand: false,
  }
}

const leaf = (name: string, command: CommandClass, words: Commands['words']) => {
  const valuesOf = valuesFor(name, words)
  return {
    flags: flagsOf({ ...command.flags, ...command.baseFlags }, valuesOf),
    args: Object.entries(command.args).map(([label, { multiple = false, options }]) => ({
      label,
      multiple,
      takes: valuesOf(options, label),
    })),
    next: [],
    runsCommand: String(command.usage).includes('-- COMMAND'),
  }
}

/** Reads what can be completed from the commands themselves. */
export const completionModel = async (
  { bin, topicSeparator }: ProgramName,
  commands: Commands,
): Promise<CompletionModel> => {
  const completed = [parent('', commands, topicSeparator)]
  for (const name of commands.summaries.keys()) {
    const typed = name.replaceAll(' ', topicSeparator)
    const [topic = ''] = typed.split(' ')
    if (topic !== typed && completed.every((each) => each.typed !== topic)) {
      completed.push(parent(topic, commands, topicSeparator))
    }
    const command = await commands.load(name)
    if (command) completed.push({ typed, ...leaf(name, command, commands.words) })
  }
  return { bin, name: bin.replace(/\W/g, '_'), completed }
}

/** Every flag that takes a value, so that a script can skip the value. */
export const valuedFlags = ({ completed }: CompletionModel): readonly string[] => {
  const flags = completed.flatMap(({ flags }) => flags).filter(({ takes }) => takes)
  return [...new Set(flags.flatMap(({ long, short }) => (short ? [long, short] : [long])))]
}

/** The commands that run the command after `--`. */
export const runners = ({ completed }: CompletionModel): readonly string[] =>
  completed.filter(({ runsCommand }) => runsCommand).map(({ typed }) => typed)
