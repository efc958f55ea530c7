// What a hook writes. Loaded only if there is something to write.
import { formatTimestamp, MAX_REQUEST_BYTES, type OpId } from '@kitty/record'
import type { Ops, SessionEnd } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import type { Io } from '../command/io.js'
import { openProject } from '../project/project.js'
import type { NotedOp } from './session-notes.js'

/** Calls `act` for each Op with the store of its root. An error must not stop the others. Returns the ids that were done. */
const eachOp = async (
  io: Io,
  noted: readonly NotedOp[],
  act: (ops: Ops, id: OpId) => Promise<boolean>,
): Promise<readonly OpId[]> => {
  const stores = new Map<string, Promise<Ops>>()
  const done: OpId[] = []
  for (const { id, root } of noted) {
    const store = stores.get(root) ?? openProject(io, { root }).then((at) => at.open('reading'))
    stores.set(root, store)
    if (await store.then((ops) => act(ops, id)).catch(() => false)) done.push(id)
  }
  return done
}

/** Marks Ops as left, with the agent's word for it. Returns their ids. */
export const leaveOps = (
  io: Io,
  noted: readonly NotedOp[],
  reason: string | undefined,
): Promise<readonly OpId[]> => {
  const end: SessionEnd = { at: formatTimestamp(io.clock()), ...definedFields({ reason }) }
  return eachOp(io, noted, (ops, id) => ops.markLeft(id, end))
}

/** Removes these marks: the session continues. */
export const resumeOps = (io: Io, noted: readonly NotedOp[]): Promise<readonly OpId[]> =>
  eachOp(io, noted, (ops, id) => ops.markLeft(id, undefined))

/** What a hook records for an agent that did not ask for it. */
export type Captured = {
  readonly root: string
  readonly session: string
  readonly action: 'prompt' | 'subagent'
  readonly text: string
  readonly actor: string
  readonly profile?: string | undefined
  readonly model?: string | undefined
}

const CUT = '\n[cut]'

/** A text that fits into a record. It is cut at the end of a line, so that no secret is cut in half and missed. */
const fitting = (text: string): string => {
  if (Buffer.byteLength(text) <= MAX_REQUEST_BYTES) return text
  const room = MAX_REQUEST_BYTES - CUT.length
  // The end can be half a character.
  const start = Buffer.from(text)
    .subarray(0, room)
    .toString()
    .replace(/\uFFFD+$/, '')
  const line = start.lastIndexOf('\n')
  return `${line === -1 ? '' : start.slice(0, line)}${CUT}`
}

/** One line of at most 200 characters; `undefined` if nothing is left. */
const asName = (text: string | undefined): string | undefined =>
  text
    ?.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 200)
    .replace(/[\ud800-\udbff]$/, '') || undefined

/** Opens an Op with the text of a prompt, or for a sub-agent. Secrets are redacted as always. */
export const captureOp = async (io: Io, captured: Captured): Promise<OpId> => {
  const { root, session, action, text } = captured
  const project = await openProject(io, { root }, { session, openedBy: 'hook' })
  const { actor, profile, mission, workPackage } = project.environment
  const ops = await project.open('opening')
  const { id } = await ops.start({
    request_text: fitting(text),
    profile_id: asName(captured.profile) ?? profile ?? 'generic',
    action,
    actor: actor ?? captured.actor,
    mode_of_work: 'task_execution',
    ...definedFields({
      mission_id: mission,
      wp_id: workPackage,
      model_id: asName(captured.model),
    }),
  })
  return id
}
