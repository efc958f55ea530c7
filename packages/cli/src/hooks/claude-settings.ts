import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KittyError } from '@kitty/record'
import { readRegular, replaceFile } from '@kitty/writer'

/** Where Claude Code has the settings that a project shares, relative to its folder. */
const CLAUDE_SETTINGS = '.claude/settings.json'

/** A JSON object, as it came. */
type JsonObject = Readonly<Record<string, unknown>>

/** An entry of ours: what Claude Code runs at an event of a session. */
type OwnHook = { readonly event: string; readonly command: string; readonly timeout: number }

// `|| true`: who works in the same repository without spec-kitty is not to be bothered with errors.
const OWN: readonly OwnHook[] = [
  { event: 'SessionStart', command: 'spec-kitty hooks session-start || true', timeout: 10 },
  { event: 'SessionEnd', command: 'spec-kitty hooks session-end || true', timeout: 30 },
]

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (root: string, what: string, cause?: unknown): KittyError =>
  new KittyError('SETTINGS_INVALID', `${join(root, CLAUDE_SETTINGS)}: ${what}`, {
    hint: 'Nothing was written. Correct that file, then try again.',
    cause,
  })

/** The settings in a text. Throws `SETTINGS_INVALID`: what is not understood is not overwritten. */
const parseSettings = (text: string, root: string): JsonObject => {
  const parsed = parse(text, root)
  if (!isObject(parsed)) throw invalid(root, 'it is no JSON object.')
  const { hooks = {} } = parsed
  if (!isObject(hooks)) throw invalid(root, '"hooks" is no JSON object.')
  const odd = OWN.find(({ event }) => !Array.isArray(hooks[event] ?? []))
  if (odd !== undefined) throw invalid(root, `"hooks.${odd.event}" is no list.`)
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

const OWN_COMMAND = /\bspec-kitty hooks session-(?:start|end)\b/

const isOwnHook = (hook: unknown): boolean =>
  isObject(hook) && typeof hook.command === 'string' && OWN_COMMAND.test(hook.command)

/** A matcher without our hooks; undefined where it held nothing else. */
const withoutOwnHooks = (matcher: unknown): unknown => {
  if (!isObject(matcher)) return matcher
  const hooks = listIn(matcher, 'hooks')
  const others = hooks.filter((hook) => !isOwnHook(hook))
  if (others.length === hooks.length) return matcher
  return others.length === 0 ? undefined : { ...matcher, hooks: others }
}

/** With a list under a key; an empty one takes the key away. */
const withList = (holder: JsonObject, key: string, list: readonly unknown[]): JsonObject => {
  if (list.length > 0) return { ...holder, [key]: list }
  return Object.fromEntries(Object.entries(holder).filter(([name]) => name !== key))
}

/** Takes our hooks out, and what they alone filled; all else stays as it is, in its order. */
export const withoutHooks = (settings: JsonObject): JsonObject => {
  let hooks = hooksIn(settings)
  let changed = false
  for (const { event } of OWN) {
    const before = listIn(hooks, event)
    const after = before.map(withoutOwnHooks).filter((matcher) => matcher !== undefined)
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

/** Puts our hooks in behind what is there; the very same settings where they are in already. */
export const withHooks = (settings: JsonObject): JsonObject => {
  if (OWN.every((own) => hasOwn(settings, own))) return settings
  const clean = withoutHooks(settings)
  let hooks = hooksIn(clean)
  for (const own of OWN) {
    hooks = { ...hooks, [own.event]: [...listIn(hooks, own.event), ownMatcher(own)] }
  }
  return { ...clean, hooks }
}

/** What became of a settings file. */
type SettingsChange = { readonly path: string; readonly changed: boolean }

/** As the file is indented already; two spaces where it does not say. */
const indentOf = (text: string): string => /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  '

/**
 * Changes the settings that Claude Code has for a folder, whole or not at all; a file that would stay
 * the same is not touched, and none is made for nothing. Throws `SETTINGS_INVALID`, and what reading
 * and writing files throws.
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
