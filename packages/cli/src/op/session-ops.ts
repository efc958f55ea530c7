import type { OpId } from '@kitty/record'
import type { Ops, SessionEnd, StartNote } from '@kitty/writer'
import type { Caller } from '../command/caller.js'
import { startNoteIds } from './open-ops.js'

/**
 * Why an open Op is not closed by a caller that names no id: its command still runs, or another session, a
 * person, an agent, or nobody knows who, has opened it.
 */
export type Holder = 'running' | 'other-session' | 'person' | 'agent' | 'unknown'

/** Who closes an Op, and in which session. */
export type Closer = { readonly caller: Caller; readonly session: string | undefined }

/**
 * An opener that works on its Op itself closes it, and counts as living where nobody can tell: an Op that is
 * left open is found by the doctor, a wrong outcome by nobody.
 */
const isWorkedOn = async (opener: string | undefined): Promise<boolean> => {
  const { ownerLiveness } = await import('@kitty/writer')
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

/** What keeps an Op from being closed by a caller that names no id; `undefined` if nothing does. */
export const holderOf = async (ops: Ops, id: OpId, closer: Closer): Promise<Holder | undefined> => {
  const note = await ops.startNote(id)
  return (await isWorkedOn(note?.opener)) ? 'running' : otherOpener(note, closer)
}

const isOpen = async (ops: Ops, id: OpId): Promise<boolean> => {
  // A record that is gone from the disk is rebuilt by the close; one that is closed is only pending.
  const found = await ops.read(id).catch(() => undefined)
  return found?.record.status !== 'closed'
}

/** Marks the open Ops of a session as left, those aside whose command still runs; gives their ids. */
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
    // One that cannot be marked stays as it is, and hinders none of the others.
    if (await ops.markLeft(id, end).catch(() => false)) left.push(id)
  }
  return left
}

/** Takes the marks away again when the session goes on. */
export const resumeOps = async (ops: Ops, session: string): Promise<void> => {
  for (const id of await startNoteIds(ops.root)) {
    const note = await ops.startNote(id)
    if (note?.session !== session || note.left === undefined) continue
    await ops.markLeft(id, undefined).catch(() => false)
  }
}
