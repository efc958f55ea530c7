import { appendFile, readFile } from 'node:fs/promises'
import type { OpId } from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import type { HookEvent } from '../agents/agent.js'
import { definedFields } from '../command/defined.js'
import { HOOK_SESSION } from '../command/environment.js'
import type { Io } from '../command/io.js'
import type { Program } from '../command/program.js'
import type { CommandResult } from '../command/result.js'
import type {
  CapturedJson,
  NothingJson,
  OpenHereJson,
  SessionEndJson,
  SessionStartJson,
  StopHeldJson,
  SubagentJson,
} from '../json/setup.js'
import { agentInstructions } from './agent-instructions.js'
import { readHookInput } from './hook-input.js'
import {
  type HookCall,
  isOf,
  isOfSubagentIn,
  isProject,
  readSetting,
  type Setting,
  sessionOf,
  subagentKey,
} from './hook-setting.js'
import { holdText, openedText, subagentText } from './hook-text.js'
import { openOpsText } from './open-ops-text.js'
import { type NotedOp, newestRecords, notedOps, type OpenerNote } from './session-notes.js'

type HookJson =
  | CapturedJson
  | NothingJson
  | SessionStartJson
  | SessionEndJson
  | StopHeldJson
  | SubagentJson

/** The answer of a hook: our JSON, and text that is context for the agent, a reason to hold its turn, or only for people. */
type Answer = {
  readonly json: HookJson
  readonly text: string
  readonly for: 'context' | 'hold' | 'people'
}

/** Sets the session for the commands of the session, since the agent does not always pass it. */
const exportSession = async ({ environment, input }: Setting): Promise<void> => {
  const { sessionScript } = environment
  if (sessionScript === undefined || input.session === undefined) return
  const line = `export ${HOOK_SESSION}='${input.session}'`
  const text = await readFile(sessionScript, 'utf8').catch(() => '')
  const before = text.split('\n').filter((each) => each.startsWith(`export ${HOOK_SESSION}=`))
  if (before.at(-1) === line) return
  await appendFile(sessionScript, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`)
}

const summarized = (noted: readonly NotedOp[]): readonly OpSummary[] =>
  noted.map(({ note }) => note.summary)

/** Every open Op of this root, newest first: those that the state knows, and the newest others. */
const openHere = async (
  { roots: [root], sessions }: Setting,
  noted: readonly NotedOp[],
  others: readonly OpSummary[],
): Promise<readonly OpenHereJson[]> => {
  const here = noted.filter((op) => op.root === root)
  const own = here.map(({ note }): OpenHereJson => {
    const isOwn = isOf(sessions)(note)
    const marks = { ...(note.left && { left: true }), ...(isOwn && { own: true as const }) }
    return { ...note.summary, ...marks }
  })
  const known = new Set(own.map(({ invocation_id }) => invocation_id))
  const unknown = others.filter(({ invocation_id }) => !known.has(invocation_id))
  return [...own, ...unknown].sort((a, b) => (a.invocation_id < b.invocation_id ? 1 : -1))
}

const onSessionStart = async (setting: Setting): Promise<Answer | undefined> => {
  await exportSession(setting).catch(() => undefined)
  const { io, input, program, roots, sessions } = setting
  const noted = await notedOps(roots, () => true)
  const { open: others, isEmpty } = await newestRecords(roots[0])
  const open = await openHere(setting, noted, others)
  // A session that goes on after compaction has left nothing, except the Ops that it was asked about in vain.
  const left = noted.filter(({ note }) => note.left && isOf(sessions)(note))
  if (input.source !== 'compact' && left.length > 0) {
    await (await import('./hook-actions.js')).resumeOps(io, left)
  }
  if (open.length > 0) {
    const json = { open_ops: open, ...definedFields({ source: input.source }) }
    return { json, text: openOpsText(open, io.clock(), program), for: 'context' }
  }
  if (!isEmpty || !(await isProject(roots[0]))) return undefined
  const instructions = agentInstructions(program)
  return { json: { open_ops: [], instructions }, text: instructions, for: 'context' }
}

const onPrompt = async (setting: Setting): Promise<Answer | undefined> => {
  const { call, io, input, program, roots, sessions } = setting
  const session = sessionOf(setting)
  if (!call.capture || session === undefined || input.prompt === undefined) return undefined
  if (input.prompt.trim() === '' || !(await isProject(roots[0]))) return undefined
  const actions = await import('./hook-actions.js')
  // The turn before was interrupted: its stop was never announced.
  const before = await notedOps(roots, isOf(sessions))
  const unasked = before.filter(({ note }) => note.openedBy === 'hook' && !note.left)
  if (unasked.length > 0) await actions.leaveOps(io, unasked, 'interrupted')
  const { prompt: text, model } = input
  const base = { root: roots[0], session, actor: call.agent.actor, model }
  const id = await actions.captureOp(io, { ...base, action: 'prompt', text })
  return { json: { opened: id }, text: openedText('This request', id, program), for: 'context' }
}

const onSubagentStart = async (setting: Setting): Promise<Answer | undefined> => {
  const { call, io, input, program, roots } = setting
  const key = subagentKey(setting)
  if (key === undefined || !(await isProject(roots[0]))) return undefined
  if (!call.capture) {
    return { json: { session: key }, text: subagentText(key, program), for: 'context' }
  }
  const actions = await import('./hook-actions.js')
  const [before] = await notedOps(roots, isOf(new Set([key])))
  // A sub-agent can be resumed.
  if (before !== undefined) await actions.resumeOps(io, [before])
  const { subagentType = 'sub-agent', model } = input
  const id: OpId =
    before?.id ??
    (await actions.captureOp(io, {
      root: roots[0],
      session: key,
      action: 'subagent',
      // The agent does not pass the task to this hook.
      text: `Sub-agent ${input.subagent} (${subagentType})`,
      actor: call.agent.actor,
      profile: subagentType,
      model,
    }))
  const text = openedText('Your work as a sub-agent', id, program)
  return { json: { session: key, opened: id }, text, for: 'context' }
}

/** Ops that the caller can close now: no command runs under them, and they were not asked about in vain. */
const isAskable = ({ isRunning, note }: NotedOp): boolean => !isRunning && !note.left

const held = (
  { program }: Setting,
  noted: readonly NotedOp[],
  whose: 'session' | 'sub-agent',
): Answer => ({
  json: { held: noted.map(({ id }) => id) },
  text: holdText(summarized(noted), whose, program),
  for: 'hold',
})

const onStop = async (setting: Setting): Promise<Answer | undefined> => {
  const { io, input, roots, sessions } = setting
  const open = (await notedOps(roots, isOf(sessions))).filter(isAskable)
  if (open.length === 0) return undefined
  // An agent that does not say whether it was held is never held: it could go on forever.
  if (input.held === false && setting.call.agent.hold) return held(setting, open, 'session')
  const captured = open.filter(({ note }) => note.openedBy === 'hook')
  if (captured.length > 0) {
    await (await import('./hook-actions.js')).leaveOps(io, captured, 'turn-ended')
  }
  return undefined
}

const onSubagentStop = async (setting: Setting): Promise<Answer | undefined> => {
  const key = subagentKey(setting)
  if (key === undefined) return undefined
  const open = (await notedOps(setting.roots, isOf(new Set([key])))).filter(isAskable)
  if (open.length === 0) return undefined
  if (setting.input.held === false && setting.call.agent.hold) {
    return held(setting, open, 'sub-agent')
  }
  await (await import('./hook-actions.js')).leaveOps(setting.io, open, 'subagent-ended')
  return undefined
}

const leftText = (ids: readonly OpId[]): string => {
  const what = ids.length === 1 ? '1 Op is' : `${ids.length} Ops are`
  return `${what} still open and marked as left: ${ids.join(', ')}\n`
}

const onSessionEnd = async ({
  io,
  input,
  roots,
  sessions,
}: Setting): Promise<Answer | undefined> => {
  const isWanted = (note: OpenerNote) => isOf(sessions)(note) || isOfSubagentIn(sessions)(note)
  const open = (await notedOps(roots, isWanted)).filter(isAskable)
  if (open.length === 0) return undefined
  const left = await (await import('./hook-actions.js')).leaveOps(io, open, input.reason)
  return left.length === 0 ? undefined : { json: { left }, text: leftText(left), for: 'people' }
}

const HANDLERS: Readonly<Record<HookEvent, (setting: Setting) => Promise<Answer | undefined>>> = {
  'session-start': onSessionStart,
  prompt: onPrompt,
  'subagent-start': onSubagentStart,
  'subagent-stop': onSubagentStop,
  stop: onStop,
  'session-end': onSessionEnd,
}

/** The answer in the form of the agent; nothing if the agent documents no form for it. */
const installedText = ({ agent, event }: HookCall, answer: Answer): string => {
  const name = agent.events[event] ?? event
  const output =
    answer.for === 'context'
      ? agent.addContext?.(name, answer.text)
      : answer.for === 'hold' && agent.hold?.(answer.text)
  return output ? `${JSON.stringify(output)}\n` : ''
}

const NOTHING: CommandResult<NothingJson> = { json: {}, text: () => '' }

/**
 * Acts on an event of a session. Throws `HOOK_INPUT_INVALID` for invalid input, and what reading and writing throws; the
 * caller must not pass an error on to the agent.
 */
export const runHook = async (
  call: HookCall,
  io: Io,
  program: Program,
): Promise<CommandResult<HookJson>> => {
  const input = await readHookInput(io, call.agent)
  // The hook can be configured for another event, such as the end of every tool call.
  if (input.event !== undefined && input.event !== call.agent.events[call.event]) return NOTHING
  const setting = await readSetting(call, io, program, input)
  const answer = await HANDLERS[call.event](setting)
  if (answer === undefined) return NOTHING
  const text = call.isInstalled ? installedText(call, answer) : answer.text
  return { json: answer.json, text: () => text }
}
