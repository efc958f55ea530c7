import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import { findProjectRoot } from '@kitty/writer'
import { findWorkTree } from '@kitty/writer/internals'
import type { Agent, HookEvent } from '../agents/agent.js'
import { type Environment, readEnvironment } from '../command/environment.js'
import type { Io } from '../command/io.js'
import { inProject, type Program } from '../command/program.js'
import type { HookInput } from './hook-input.js'
import type { OpenerNote } from './session-notes.js'

/** How a hook was called. */
export type HookCall = {
  readonly event: HookEvent
  readonly agent: Agent
  /** Whether `--agent` was given: the answer is then in the form of that agent. */
  readonly isInstalled: boolean
  /** Whether to open an Op for each prompt and each sub-agent. */
  readonly capture: boolean
  /** The value of `--root`. */
  readonly root: string | undefined
}

/** What a hook acts on. */
export type Setting = {
  readonly call: HookCall
  readonly io: Io
  readonly input: HookInput
  readonly environment: Environment
  readonly program: Program
  /** The root of the session's folder, and those of the repositories where its Ops can be; that one first. */
  readonly roots: readonly [string, ...string[]]
  /** The names of this session: the agent's, and the one that a person has set. */
  readonly sessions: ReadonlySet<string>
}

export const isProject = async (root: string): Promise<boolean> =>
  (await findWorkTree(root)) !== undefined ||
  ['.kittify', 'kitty-ops'].some((name) => existsSync(join(root, name)))

/**
 * The roots of a session: of its folder and of the project folder that the agent names. The folder can be deleted, or
 * outside the project.
 */
const rootsOf = async (
  { io, input, environment, call }: Pick<Setting, 'io' | 'input' | 'environment' | 'call'>,
  named: string | undefined,
): Promise<readonly [string, ...string[]]> => {
  if (named !== undefined) {
    const root = resolve(io.cwd, named)
    if (!existsSync(root)) throw new KittyError('ROOT_NOT_FOUND', `There is no folder ${root}.`)
    return [root]
  }
  const variables = call.agent.projectVariables.map((name) => io.variables[name])
  const folders = [input.cwd ?? io.cwd, ...variables, io.cwd].filter(
    (folder) => folder !== undefined && existsSync(folder),
  )
  const roots = await Promise.all(folders.flatMap((folder) => folder ?? []).map(findProjectRoot))
  const are = await Promise.all(roots.map(isProject))
  const projects = [...new Set(roots.filter((_, at) => are[at]))]
  const [first = roots[0] ?? environment.root ?? io.cwd, ...others] = projects
  return [first, ...others]
}

/** The key of a sub-agent: its Ops are not those of the session that started it. */
const keyOf = (session: string, subagent: string): string => `${session}.agent.${subagent}`

export const sessionOf = ({ input, environment }: Setting): string | undefined =>
  environment.ownSession ?? input.session ?? environment.session

export const subagentKey = (setting: Setting): string | undefined => {
  const [session, { subagent }] = [sessionOf(setting), setting.input]
  return session === undefined || subagent === undefined ? undefined : keyOf(session, subagent)
}

export const isOf = (sessions: ReadonlySet<string>) => (note: OpenerNote) =>
  note.session !== undefined && sessions.has(note.session)

export const isOfSubagentIn = (sessions: ReadonlySet<string>) => (note: OpenerNote) =>
  [...sessions].some((session) => note.session?.startsWith(keyOf(session, '')))

/** Finds the session and the roots that a call of a hook is about. Throws `ROOT_NOT_FOUND` for a root that is missing. */
export const readSetting = async (
  call: HookCall,
  io: Io,
  program: Program,
  input: HookInput,
): Promise<Setting> => {
  const environment = readEnvironment(io.variables)
  const named = call.root ?? environment.root
  const roots = await rootsOf({ io, input, environment, call }, named)
  const { ownSession, session } = environment
  const sessions = new Set([ownSession, input.session ?? session].flatMap((each) => each ?? []))
  const here = inProject(program, roots[0], input.cwd ?? io.cwd)
  return { call, io, input, environment, program: here, roots, sessions }
}
