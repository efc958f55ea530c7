import type { OpId } from '@kitty/record'
import type { Ops, SessionEnd, StartNote } from '@kitty/writer'
import type { Caller } from '../command/caller.js'
import { startNoteIds } from './open-ops.js'

/** Why a caller without an id can't close an open Op: its command is running, or someone else, or an unknown caller, opened it. */
export type Holder = 'running' | 'other-session' | 'person' | 'agent' | 'unknown'

/** The caller that closes an Op, and its session. */
export type Closer = { readonly caller: Caller; readonly session: string | undefined }

/**
 * Whether the process that opened an Op still works on it. If that is unknown, it counts as running: the doctor finds
 * an Op that is left open, but nothing finds a wrong outcome.
 */
const isWorkedOn = async (opener: string | undefined): Promise<boolean> => {
  const { ownerLiveness } = await import('@kitty/writer/internals')
  return opener !== undefined && ownerLiveness(opener) !== 'dead'
}

const otherOpener = (
  note: StartNote | undefined,
  { caller, session }: Closer,
): Holder | undefined => {
  if (note?.session !== undefined && note.session !== session) return 'other-session'
  const openedBy = note?.openedBy
  if (openedBy === caller) return undefined
  return openedBy === 'person' || openedBy === 'agent' ? openedBy : 'unknown'
}

/** Why a caller without an id can't close an Op. Returns `undefined` if it can. */
export const holderOf = async (ops: Ops, id: OpId, closer: Closer): Promise<Holder | undefined> => {
  const note = await ops.startNote(id)
  return (await isWorkedOn(note?.opener)) ? 'running' : otherOpener(note, closer)
}

const isOpen = async (ops: Ops, id: OpId): Promise<boolean> => {
  // A close rebuilds a record that is gone from disk.
  const found = await ops.read(id).catch(() => undefined)
  return found?.record.status !== 'closed'
}

/** Marks the open Ops of a session as left, except those whose command is running. Returns their ids. */
export const leaveOps = async (
  ops: Ops,
  session: string,
  end: SessionEnd,
): Promise<readonly OpId[]> => {
  const left: OpId[] = []
  for (const id of await startNoteIds(ops.root)) {
    const note = await ops.startNote(id)
    if (note?.session !== session || note.left !== undefined) continue
    if ((await isWorkedOn(note.opener)) || !(await isOpen(ops, id))) continue
    // An error must not stop the other Ops from being marked.
    if (await ops.markLeft(id, end).catch(() => false)) left.push(id)
  }
  return left
}

/** Removes these marks when the session resumes. */
export const resumeOps = async (ops: Ops, session: string): Promise<void> => {
  for (const id of await startNoteIds(ops.root)) {
    const note = await ops.startNote(id)
    if (note?.session !== session || note.left === undefined) continue
    await ops.markLeft(id, undefined).catch(() => false)
  }
}
