import type { OpId } from '@kitty/record'
import type { Ops, StartNote } from '@kitty/writer'
import type { Caller } from '../command/caller.js'

/** Why a caller without an id can't close an open Op: its command is running, or someone else, or an unknown caller, opened it. */
export type Holder = 'running' | 'other-session' | 'person' | 'agent' | 'unknown'

/** The caller that closes an Op, and its session. */
export type Closer = { readonly caller: Caller; readonly session: string | undefined }

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
  const { mayBeWorkedOn } = await import('@kitty/writer/internals')
  const note = await ops.startNote(id)
  return note && mayBeWorkedOn(id, note) ? 'running' : otherOpener(note, closer)
}
