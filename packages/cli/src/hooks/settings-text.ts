import {
  applyEdits,
  findNodeAtLocation,
  type JSONPath,
  modify,
  type Node,
  parseTree,
  stripComments,
} from 'jsonc-parser'
import { HOOK_EVENTS, type HookEvent, type InstalledHook } from '../agents/agent.js'
import { isObject, type JsonObject } from '../command/json-object.js'
import { namesOf, type ProgramName, programCommand } from '../command/program.js'
import { PARSING, parseSettings } from './parse-settings.js'

const listIn = (holder: unknown, key: string): readonly unknown[] => {
  const list = isObject(holder) ? holder[key] : undefined
  return Array.isArray(list) ? list : []
}

/** The indentation and the line ends of a text: two spaces and line feeds if it has none. */
type Layout = { readonly indent: string; readonly eol: string }

/** Returns `undefined` if everything is on one line. */
const layoutOf = (text: string): Layout | undefined => {
  if (!text.trim().includes('\n') && text.trim() !== '{}') return undefined
  const indent = /^[^\n]*\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  '
  return { indent, eol: text.includes('\r\n') ? '\r\n' : '\n' }
}

/** The text of a value in a new line, at a depth. */
const laidOut = (value: unknown, depth: number, { indent, eol }: Layout): string =>
  JSON.stringify(value, undefined, indent).replaceAll('\n', `${eol}${indent.repeat(depth)}`)

const NAMED = /^("(?:[^"\\]|\\.)*"):(.*)$/s

/** The text to insert for what the editor would insert on one line. */
const insertion = (content: string, depth: number, layout: Layout): string => {
  const comma = content.startsWith(',') ? ',' : ''
  const rest = content.slice(comma.length)
  const [, name, json = rest] = NAMED.exec(rest) ?? []
  const value = laidOut(JSON.parse(json), depth, layout)
  const line = `${layout.eol}${layout.indent.repeat(depth)}${name === undefined ? '' : `${name}: `}${value}`
  // In an empty list or object, the closing bracket follows.
  const end = comma === '' ? `${layout.eol}${layout.indent.repeat(depth - 1)}` : ''
  return `${comma}${line}${end}`
}

/** Inserts a value. Only the inserted text is laid out; everything else keeps its bytes. */
const inserted = (text: string, path: JSONPath, value: unknown, depth: number): string => {
  const isArrayInsertion = typeof path.at(-1) === 'number'
  const edits = modify(text, path, value, { isArrayInsertion })
  const layout = layoutOf(text)
  if (layout === undefined) return applyEdits(text, edits)
  return applyEdits(
    text,
    edits.map((edit) =>
      edit.length === 0 ? { ...edit, content: insertion(edit.content, depth, layout) } : edit,
    ),
  )
}

const endOf = ({ offset, length }: Node): number => offset + length

/** What stays of the text beside a removed value: the comments of a person, without the comma; nothing without comments. */
const commentsIn = (between: string): string => {
  const bare = stripComments(between, ' ')
  const comma = bare.indexOf(',')
  if (bare === between) return ''
  return comma < 0 ? between : between.slice(0, comma) + between.slice(comma + 1)
}

/** The value at a path, with its name if it has one. */
const nodeAt = (text: string, path: JSONPath): Node | undefined => {
  const tree = parseTree(text, [], PARSING)
  const value = tree && findNodeAtLocation(tree, path)
  return value?.parent?.type === 'property' ? value.parent : value
}

/** Whether a value and its name hold comments outside of another value in it. */
const hasComments = (text: string, path: JSONPath, inside: JSONPath): boolean => {
  const [outer, inner] = [nodeAt(text, path), nodeAt(text, inside)]
  if (outer === undefined || inner === undefined) return false
  const around = text.slice(outer.offset, inner.offset) + text.slice(endOf(inner), endOf(outer))
  return stripComments(around, ' ') !== around
}

/**
 * Removes a value, with the comma that belongs to it; comments stay. The editor of the library needs a text that it has
 * laid out itself.
 */
const removed = (text: string, path: JSONPath): string => {
  const node = nodeAt(text, path)
  const holder = node?.parent
  if (node === undefined || holder === undefined) return text
  const siblings = holder.children ?? []
  const at = siblings.indexOf(node)
  const [before, after] = [siblings[at - 1], siblings[at + 1]]
  const from = before ? endOf(before) : after ? node.offset : holder.offset + 1
  const to = before ? endOf(node) : (after?.offset ?? endOf(holder) - 1)
  const beside = [text.slice(from, node.offset), text.slice(endOf(node), to)].map(commentsIn)
  return text.slice(0, from) + beside.join('') + text.slice(to)
}

const runs = (command: string, program: ProgramName, event: HookEvent): boolean => {
  const [before, after] = ` ${command} `.split(programCommand(program, `hooks ${event}`), 2)
  return after !== undefined && /[^\w-]$/.test(before ?? '') && /^[^\w-]/.test(after)
}

/** The event that a command of this program handles, under any of its names, whatever a person has put around it. */
export const eventOfCommand = (command: string, program: ProgramName): HookEvent | undefined =>
  HOOK_EVENTS.find((event) => namesOf(program).some((name) => runs(command, name, event)))

/** The name under which a command starts this program; `undefined` if it does not. */
export const binOfCommand = (command: string, program: ProgramName): string | undefined =>
  namesOf(program).find((name) => HOOK_EVENTS.some((event) => runs(command, name, event)))?.bin

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

/**
 * Removes the hooks of a program, and lists that are empty without them and hold no comment. Everything else keeps its
 * text.
 */
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
    const around = [...(isOnly ? [['hooks']] : []), ...(isLast ? [['hooks', name]] : [])]
    rest = removed(rest, around.find((each) => !hasComments(rest, each, own)) ?? own)
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
    if (parseSettings(rest, path)[name] === undefined) rest = inserted(rest, [name], value, 1)
  }
  for (const [{ name }, entry] of wanted.entries) {
    const { hooks } = parseSettings(rest, path)
    const before = isObject(hooks) ? hooks[name] : undefined
    if (Array.isArray(before)) rest = inserted(rest, ['hooks', name, before.length], entry, 3)
    else rest = inserted(rest, ['hooks', name], [entry], hooks === undefined ? 1 : 2)
  }
  return mark + rest + (isNew ? '\n' : '')
}
