import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KittyError } from '@kitty/record'
import { readRegular, replaceFile } from '@kitty/writer/internals'
import { type ProgramName, programCommand } from '../command/program.js'

/** The shared settings of Claude Code, relative to the project root. */
const CLAUDE_SETTINGS = '.claude/settings.json'

/** A parsed JSON object. */
type JsonObject = Readonly<Record<string, unknown>>

/** The event of a session, the command of this program that it runs, and its timeout in seconds. */
type OwnHook = { readonly event: string; readonly command: string; readonly timeout: number }

const OWN = [
  { event: 'SessionStart', command: 'hooks session-start', timeout: 10 },
  { event: 'SessionEnd', command: 'hooks session-end', timeout: 30 },
] as const

/** The hooks of a program. `|| true` avoids errors for people who work in the repository without it. */
const ownHooks = (program: ProgramName): readonly OwnHook[] =>
  OWN.map(({ event, command, timeout }) => ({
    event,
    command: `${programCommand(program, command)} || true`,
    timeout,
  }))

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (root: string, what: string, cause?: unknown): KittyError =>
  new KittyError('SETTINGS_INVALID', `${join(root, CLAUDE_SETTINGS)}: ${what}`, {
    hint: 'Nothing was written. Correct the file, then try again.',
    cause,
  })

/** Parses settings. Throws `SETTINGS_INVALID` for anything unexpected, so that it is not overwritten. */
const parseSettings = (text: string, root: string): JsonObject => {
  const parsed = parse(text, root)
  if (!isObject(parsed)) throw invalid(root, 'it is not a JSON object.')
  const { hooks = {} } = parsed
  if (!isObject(hooks)) throw invalid(root, '"hooks" is not a JSON object.')
  const odd = OWN.find(({ event }) => !Array.isArray(hooks[event] ?? []))
  if (odd !== undefined) throw invalid(root, `"hooks.${odd.event}" is not a list.`)
  return parsed
}

const parse = (text: string, root: string): unknown => {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw invalid(root, error instanceof Error ? error.message : String(error), error)
  }
}

const hooksIn = (settings: JsonObject): JsonObject =>
  isObject(settings.hooks) ? settings.hooks : {}

const listIn = (holder: JsonObject, key: string): readonly unknown[] => {
  const list = holder[key]
  return Array.isArray(list) ? list : []
}

/** Whether a hook runs this program, whatever the user has put around the command. */
const isOwnHook = (hook: unknown, program: ProgramName): boolean => {
  const command = isObject(hook) && typeof hook.command === 'string' ? ` ${hook.command} ` : ''
  return OWN.some((own) => {
    const [before, after] = command.split(programCommand(program, own.command), 2)
    return after !== undefined && /\W$/.test(before ?? '') && /^\W/.test(after)
  })
}

/** A matcher without the hooks of this program; `undefined` if nothing else is left in it. */
const withoutOwnHooks = (matcher: unknown, program: ProgramName): unknown => {
  if (!isObject(matcher)) return matcher
  const hooks = listIn(matcher, 'hooks')
  const others = hooks.filter((hook) => !isOwnHook(hook, program))
  if (others.length === hooks.length) return matcher
  return others.length === 0 ? undefined : { ...matcher, hooks: others }
}

/** Sets a list. An empty list removes the key. */
const withList = (holder: JsonObject, key: string, list: readonly unknown[]): JsonObject => {
  if (list.length > 0) return { ...holder, [key]: list }
  return Object.fromEntries(Object.entries(holder).filter(([name]) => name !== key))
}

/** Removes the hooks of a program, and lists that are empty without them. Everything else is unchanged. */
export const withoutHooks = (settings: JsonObject, program: ProgramName): JsonObject => {
  let hooks = hooksIn(settings)
  let changed = false
  for (const { event } of OWN) {
    const before = listIn(hooks, event)
    const after = before
      .map((matcher) => withoutOwnHooks(matcher, program))
      .filter((matcher) => matcher !== undefined)
    if (before.every((matcher, place) => matcher === after[place])) continue
    hooks = withList(hooks, event, after)
    changed = true
  }
  if (!changed) return settings
  if (Object.keys(hooks).length > 0) return { ...settings, hooks }
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'hooks'))
}

const ownMatcher = ({ command, timeout }: OwnHook) => ({
  hooks: [{ type: 'command', command, timeout }],
})

const hasOwn = (settings: JsonObject, own: OwnHook): boolean =>
  listIn(hooksIn(settings), own.event).some((matcher) => {
    const hooks = isObject(matcher) ? listIn(matcher, 'hooks') : []
    return hooks.some((hook) => isObject(hook) && hook.command === own.command)
  })

/** Adds the hooks of a program after the existing ones. Returns the same object if it has them already. */
export const withHooks = (settings: JsonObject, program: ProgramName): JsonObject => {
  const own = ownHooks(program)
  if (own.every((hook) => hasOwn(settings, hook))) return settings
  const clean = withoutHooks(settings, program)
  let hooks = hooksIn(clean)
  for (const hook of own) {
    hooks = { ...hooks, [hook.event]: [...listIn(hooks, hook.event), ownMatcher(hook)] }
  }
  return { ...clean, hooks }
}

/** A settings file, and whether it was changed. */
type SettingsChange = { readonly path: string; readonly changed: boolean }

/** The indentation of the file, or two spaces if it has none. */
const indentOf = (text: string): string => /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  '

/**
 * Changes the settings of Claude Code for a folder, atomically. The file is not written, or created, if nothing
 * changes. Throws `SETTINGS_INVALID`, and the errors of reading and writing files.
 */
export const changeSettings = async (
  root: string,
  change: (settings: JsonObject) => JsonObject,
): Promise<SettingsChange> => {
  const path = join(root, ...CLAUDE_SETTINGS.split('/'))
  const text = (await readRegular(path))?.toString() ?? ''
  const before = parseSettings(text, root)
  const after = change(before)
  if (after === before) return { path: CLAUDE_SETTINGS, changed: false }
  mkdirSync(dirname(path), { recursive: true })
  await replaceFile(path, `${JSON.stringify(after, undefined, indentOf(text))}\n`, 'process')
  return { path: CLAUDE_SETTINGS, changed: true }
}
