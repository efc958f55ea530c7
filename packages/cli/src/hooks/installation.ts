import { isAbsolute, join, relative, sep } from 'node:path'
import { KittyError } from '@kitty/record'
import type { Agent, FilePlace, InstalledHook } from '../agents/agent.js'
import { HOOK_EVENTS } from '../agents/agent.js'
import type { Variables } from '../command/io.js'
import { namesOf, type ProgramName, programCommand } from '../command/program.js'
import { agentInstructions } from './agent-instructions.js'
import { hasBlock, skillText, withBlock, withoutBlock } from './instruction-block.js'
import { deleteKept, readKept, targetOf, writeKept } from './kept-file.js'
import { homeOf, Originals } from './originals.js'
import {
  binOfCommand,
  eventOfCommand,
  ownCommands,
  withHooks,
  withoutHooks,
} from './settings-text.js'

/** For a project, or for a user. */
type Scope = 'project' | 'user'

/** An agent in a scope, and the program that its hooks run. */
export type Site = {
  readonly agent: Agent
  readonly scope: Scope
  readonly root: string
  readonly variables: Variables
  readonly program: ProgramName
}

/** A file of an installation. */
export type ChangedFile = {
  /** Relative to the project root with `/`, or absolute for a user. */
  readonly path: string
  readonly changed: boolean
}

const pathOf = ({ agent, scope, root, variables }: Site, place: FilePlace): string | undefined => {
  if (scope === 'project') return join(root, place.project)
  const { variable, folder } = agent.home
  const named = variable === undefined ? undefined : variables[variable]
  const home = named && isAbsolute(named) ? named : join(homeOf(variables), folder)
  return place.user === undefined ? undefined : join(home, place.user)
}

const shownPath = ({ scope, root }: Site, path: string): string =>
  scope === 'user' ? path : relative(root, path).split(sep).join('/')

/** `exit 0` works in sh, cmd and PowerShell 7: a missing program must not disturb the agent. */
const commandFor = ({ agent, program }: Site, event: string, capture: boolean): string =>
  `${programCommand(program, `hooks ${event}`)} --agent ${agent.name}${capture ? ' --capture' : ''} || exit 0`

/** The hooks to install. A prompt is of interest only if it is captured. */
const hooksFor = (site: Site, capture: boolean): readonly InstalledHook[] =>
  HOOK_EVENTS.flatMap((event) => {
    const name = site.agent.events[event]
    if (name === undefined || (event === 'prompt' && !capture)) return []
    const captures = capture && (event === 'prompt' || event === 'subagent-start')
    return [{ event, name, command: commandFor(site, event, captures) }]
  })

/** Throws `SETTINGS_INVALID` if a file that should be ours alone is somebody else's. */
const checkOurs = (text: string, isOurs: boolean, path: string): void => {
  if (text.trim() === '' || isOurs) return
  throw new KittyError('SETTINGS_INVALID', `${path}: it was not written by this program.`, {
    hint: 'Nothing was written to it. Move it, then try again.',
  })
}

const isOurSkill = (text: string): boolean => /^---\r?\nname: spec-kitty\r?\n/.test(text)

/** A text with the hooks of an agent. */
const installedText = (site: Site, text: string, path: string, capture: boolean): string => {
  const hooks = hooksFor(site, capture)
  const { form } = site.agent
  if (form.kind === 'file') {
    checkOurs(text, commandsIn(site, text, path).length > 0, path)
    return form.text(hooks)
  }
  const entries = hooks.map((hook) => [hook, form.entry(hook)] as const)
  return withHooks(text, path, { required: form.required ?? {}, entries }, site.program)
}

/** The same without them; `undefined` if the file is ours alone. */
const removedText = (site: Site, text: string, path: string): string | undefined => {
  const { form } = site.agent
  if (form.kind === 'file') return commandsIn(site, text, path).length > 0 ? undefined : text
  const rest = withoutHooks(text, path, site.program)
  const isOurs = rest !== text && !/[^\s{}]/.test(rest.replace(/"version"\s*:\s*1/, ''))
  return isOurs ? undefined : rest
}

/** Whether a text already has something of this program, so that it is not an original. */
const mentionsUs = (text: string, program: ProgramName): boolean =>
  [
    ...namesOf(program).map((name) => programCommand(name, 'hooks ')),
    'spec-kitty:begin',
    'name: spec-kitty',
  ].some((mark) => text.includes(mark))

const textOf = (bytes: Buffer, path: string): string => {
  const text = bytes.toString()
  if (Buffer.from(text).equals(bytes)) return text
  throw new KittyError('SETTINGS_INVALID', `${path}: it is not UTF-8.`, {
    hint: 'Nothing was written. Correct the file, then try again.',
  })
}

/** Changes a file. `undefined` deletes it. The original is kept, or restored if nothing of ours is left. */
const change = async (
  site: Site,
  path: string,
  edit: (text: string) => string | undefined,
  isRemoval = false,
): Promise<ChangedFile> => {
  const originals = new Originals(site.variables)
  const target = targetOf(path)
  const before = readKept(target)
  const shown = shownPath(site, path)
  const beforeText = before === undefined ? '' : textOf(before, shown)
  const text = edit(beforeText)
  const original = before && originals.find(target, before)
  if (text === beforeText || (before === undefined && text === undefined))
    return { path: shown, changed: false }
  // A block that another agent needs stays.
  const isRestored = isRemoval && original !== undefined && !text?.includes('spec-kitty:begin')
  const after = isRestored ? original.bytes : text === undefined ? undefined : Buffer.from(text)
  if (after === undefined) deleteKept(target, original?.folders ?? [])
  else {
    const folders = await writeKept(target, after)
    const kept = original ?? { bytes: before, folders }
    const isNew = !isRemoval && !mentionsUs(beforeText, site.program)
    if (original !== undefined || isNew) originals.keep(target, kept, after)
  }
  if (isRestored || after === undefined) originals.forget(target)
  return { path: shown, changed: true }
}

/** The files with instructions: the one that the agent reads, and its skill. */
const instructionPaths = (site: Site): readonly (readonly [path: string, isSkill: boolean])[] => {
  const { instructions, skill } = site.agent
  const paths = [
    [pathOf(site, instructions), false],
    [skill && pathOf(site, skill), true],
  ] as const
  return paths.flatMap(([path, isSkill]) => (path === undefined ? [] : [[path, isSkill] as const]))
}

/** Installs the hooks of an agent, and its instructions if they are asked for. Returns the files. */
export const install = async (
  site: Site,
  { capture, instructions }: { readonly capture: boolean; readonly instructions: boolean },
): Promise<readonly ChangedFile[]> => {
  const path = pathOf(site, site.agent.settings) ?? ''
  const files = [
    await change(site, path, (text) => installedText(site, text, shownPath(site, path), capture)),
  ]
  if (!instructions) return files
  const wanted = agentInstructions(site.program)
  for (const [file, isSkill] of instructionPaths(site)) {
    const edit = (text: string) => {
      if (!isSkill) return withBlock(text, site.agent.name, wanted)
      checkOurs(text, isOurSkill(text), shownPath(site, file))
      return skillText(wanted)
    }
    files.push(await change(site, file, edit))
  }
  return files
}

/** Removes everything that `install` added. Returns the files that there were. */
export const remove = async (site: Site): Promise<readonly ChangedFile[]> => {
  const path = pathOf(site, site.agent.settings) ?? ''
  const instructions = agentInstructions(site.program)
  const files: ChangedFile[] = []
  // In reverse order, so that every folder that was created is empty in the end.
  for (const [file, isSkill] of instructionPaths(site).toReversed()) {
    const edit = (text: string) => {
      if (!isSkill) {
        const rest = withoutBlock(text, site.agent.name, instructions)
        return rest === '' && text !== '' ? undefined : rest
      }
      return isOurSkill(text) ? undefined : text
    }
    const changed = await change(site, file, edit, true)
    if (changed.changed) files.unshift(changed)
  }
  const edit = (text: string) => removedText(site, text, shownPath(site, path))
  return [await change(site, path, edit, true), ...files]
}

/** The commands of this program in the settings of an agent. Throws `SETTINGS_INVALID`. */
const commandsIn = ({ agent, program }: Site, text: string, path: string): readonly string[] => {
  if (agent.form.kind === 'json') return ownCommands(text, path, program)
  return text.split('\n').filter((line) => eventOfCommand(line, program) !== undefined)
}

/** What is installed for an agent in a scope. */
export type Installed = {
  readonly agent: string
  readonly scope: Scope
  readonly path: string
  readonly events: readonly string[]
  /** The programs that the hooks start, by name. */
  readonly programs: readonly string[]
  readonly capture: boolean
  readonly instructions: readonly string[]
  /** Why the settings file could not be read. */
  readonly problem?: string
}

const settingsOf = (site: Site, path: string) => {
  try {
    const text = readKept(targetOf(path))?.toString() ?? ''
    return { commands: commandsIn(site, text, shownPath(site, path)) }
  } catch (error) {
    return { commands: [], problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Finds what is installed for an agent. Returns `undefined` if nothing is. Changes nothing. */
export const findInstalled = (site: Site): Installed | undefined => {
  const path = pathOf(site, site.agent.settings)
  if (path === undefined) return undefined
  const { commands, problem } = settingsOf(site, path)
  const instructions = instructionPaths(site).flatMap(([file, isSkill]) => {
    const text = readKept(targetOf(file))?.toString() ?? ''
    const isOurs = isSkill ? isOurSkill(text) : hasBlock(text, site.agent.name)
    return isOurs ? [shownPath(site, file)] : []
  })
  if (commands.length === 0 && instructions.length === 0 && problem === undefined) return undefined
  const found = commands.map((command) => eventOfCommand(command, site.program))
  return {
    agent: site.agent.name,
    scope: site.scope,
    path: shownPath(site, path),
    events: HOOK_EVENTS.filter((event) => found.includes(event)),
    programs: [...new Set(commands.flatMap((each) => binOfCommand(each, site.program) ?? []))],
    capture: commands.some((command) => / --capture\b/.test(command)),
    instructions,
    ...(problem !== undefined && { problem }),
  }
}

/** The events that this version would install and that are not installed. */
export const missingEvents = (site: Site, { events, capture }: Installed): readonly string[] =>
  hooksFor(site, capture).flatMap(({ event }) => (events.includes(event) ? [] : [event]))
