import { KittyError } from '@kitty/record'
import {
  applyEdits,
  type FormattingOptions,
  type JSONPath,
  modify,
  type ParseError,
  parse,
  printParseErrorCode,
} from 'jsonc-parser'
import { HOOK_EVENTS, type HookEvent, type InstalledHook } from '../agents/agent.js'
import { type ProgramName, programCommand } from '../command/program.js'

/** A parsed JSON object. */
type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listIn = (holder: unknown, key: string): readonly unknown[] => {
  const list = isObject(holder) ? holder[key] : undefined
  return Array.isArray(list) ? list : []
}

const invalid = (path: string, what: string): KittyError =>
  new KittyError('SETTINGS_INVALID', `${path}: ${what}`, {
    hint: 'Nothing was written. Correct the file, then try again.',
  })

/** Some agents allow comments and trailing commas. */
const PARSING = { allowTrailingComma: true, allowEmptyContent: true }

/** Parses settings. Throws `SETTINGS_INVALID` for anything unexpected, so that it is not overwritten. */
const parseSettings = (text: string, path: string): JsonObject => {
  const errors: ParseError[] = []
  const parsed: unknown = text.trim() === '' ? {} : parse(text, errors, PARSING)
  const [error] = errors
  if (error) {
    const line = text.slice(0, error.offset).split('\n').length
    throw invalid(path, `it is not JSON: ${printParseErrorCode(error.error)} in line ${line}.`)
  }
  if (!isObject(parsed)) throw invalid(path, 'it is not a JSON object.')
  const { hooks = {} } = parsed
  if (!isObject(hooks)) throw invalid(path, '"hooks" is not a JSON object.')
  const odd = Object.entries(hooks).find(([, list]) => !Array.isArray(list))
  if (odd !== undefined) throw invalid(path, `"hooks.${odd[0]}" is not a list.`)
  return parsed
}

/** The indentation and the line ends of the file; two spaces and line feeds if it has none. */
const formatOf = (text: string): FormattingOptions => {
  const indent = /^[^\n]*\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  '
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

const changed = (text: string, path: JSONPath, value: unknown, isInsertion = false): string =>
  applyEdits(
    text,
    modify(text, path, value, {
      formattingOptions: formatOf(text),
      isArrayInsertion: isInsertion,
    }),
  )

/** The event that a command of this program handles, whatever a person has put around it. */
export const eventOfCommand = (command: string, program: ProgramName): HookEvent | undefined =>
  HOOK_EVENTS.find((event) => {
    const [before, after] = ` ${command} `.split(programCommand(program, `hooks ${event}`), 2)
    return after !== undefined && /[^\w-]$/.test(before ?? '') && /^[^\w-]/.test(after)
  })

const commandsOf = (hook: unknown): readonly string[] =>
  isObject(hook)
    ? [hook.command, hook.bash, hook.powershell].filter((each) => typeof each === 'string')
    : []

const isOwn = (hook: unknown, program: ProgramName): boolean =>
  commandsOf(hook).some((command) => eventOfCommand(command, program) !== undefined)

/** Whether every hook of an entry runs this program. An entry is a hook, or holds a list of them. */
const isOwnEntry = (entry: unknown, program: ProgramName): boolean => {
  const hooks = listIn(entry, 'hooks')
  if (hooks.length === 0) return isOwn(entry, program)
  return hooks.every((hook) => isOwn(hook, program))
}

const hooksOf = (settings: JsonObject): JsonObject =>
  isObject(settings.hooks) ? settings.hooks : {}

/** The commands of this program in settings. */
export const ownCommands = (text: string, path: string, program: ProgramName): readonly string[] =>
  Object.values(hooksOf(parseSettings(text.replace(/^\uFEFF/, ''), path)))
    .flatMap((entries) => (Array.isArray(entries) ? entries : []))
    .flatMap((entry) => [entry, ...listIn(entry, 'hooks')])
    .flatMap((hook) => commandsOf(hook).slice(0, 1))
    .filter((command) => eventOfCommand(command, program) !== undefined)

/** The path of an own hook in settings: of a whole entry, or of a hook between those of others. The last one first. */
const lastOwnPath = (hooks: JsonObject, program: ProgramName): JSONPath | undefined => {
  for (const [name, entries] of Object.entries(hooks)) {
    const list: readonly unknown[] = Array.isArray(entries) ? entries : []
    const at = list.findLastIndex((entry) => isOwnEntry(entry, program))
    if (at !== -1) return ['hooks', name, at]
    for (const [place, entry] of list.entries()) {
      const inner = listIn(entry, 'hooks').findLastIndex((hook) => isOwn(hook, program))
      if (inner !== -1) return ['hooks', name, place, 'hooks', inner]
    }
  }
  return undefined
}

/** Removes the hooks of a program, and lists that are empty without them. Everything else keeps its text. */
export const withoutHooks = (text: string, path: string, program: ProgramName): string => {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  let rest = text.slice(mark.length)
  for (;;) {
    const hooks = hooksOf(parseSettings(rest, path))
    const own = lastOwnPath(hooks, program)
    if (own === undefined) return mark + rest
    const [, name = ''] = own
    const isLast = own.length === 3 && listIn(hooks, String(name)).length === 1
    const isOnly = isLast && Object.keys(hooks).length === 1
    const gone: JSONPath = isOnly ? ['hooks'] : isLast ? ['hooks', name] : own
    rest = changed(rest, gone, undefined)
  }
}

/** The settings to write: the fields that the file must have, and an entry for each hook. */
export type Wanted = {
  readonly required: Readonly<Record<string, number>>
  readonly entries: readonly (readonly [hook: InstalledHook, entry: object])[]
}

const isInstalled = (settings: JsonObject, wanted: Wanted, program: ProgramName): boolean => {
  const entries = Object.values(hooksOf(settings)).flatMap((list) =>
    Array.isArray(list) ? list.filter((entry) => isOwnEntry(entry, program)) : [],
  )
  const texts = entries.map((entry) => JSON.stringify(entry)).toSorted()
  const expected = wanted.entries.map(([, entry]) => JSON.stringify(entry)).toSorted()
  return (
    JSON.stringify(texts) === JSON.stringify(expected) &&
    wanted.entries.every(([{ name }, entry]) =>
      listIn(settings.hooks, name).some((each) => JSON.stringify(each) === JSON.stringify(entry)),
    )
  )
}

/** Adds the hooks of a program after the existing ones. Returns the same text if it has just these already. */
export const withHooks = (
  text: string,
  path: string,
  wanted: Wanted,
  program: ProgramName,
): string => {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  if (isInstalled(parseSettings(text.slice(mark.length), path), wanted, program)) return text
  let rest = withoutHooks(text.slice(mark.length), path, program)
  const isNew = rest.trim() === ''
  if (isNew) rest = '{}'
  for (const [name, value] of Object.entries(wanted.required)) {
    if (parseSettings(rest, path)[name] === undefined) rest = changed(rest, [name], value)
  }
  for (const [{ name }, entry] of wanted.entries) {
    const before = listIn(parseSettings(rest, path).hooks, name)
    rest =
      before.length === 0
        ? changed(rest, ['hooks', name], [entry])
        : changed(rest, ['hooks', name, before.length], entry, true)
  }
  return mark + rest + (isNew ? '\n' : '')
}
