import type { OpId } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import { rememberedIds } from './open-here.js'

/** Why an open Op is not to be taken for one's own: its command still runs, or another session opened it. */
export type Held = 'running' | 'other-session'

/**
 * Whoever opened it to work on it itself will close it, and counts as living where nobody can tell: an Op
 * that is left open is found by the doctor, a wrong outcome by nobody.
 */
const isWorkedOn = async (opener: string | undefined): Promise<boolean> => {
  const { livenessOf } = await import('@kitty/writer')
  return opener !== undefined && livenessOf(opener) !== 'dead'
}

/** What keeps an Op from being closed by whoever names no id; undefined where nothing does. */
export const heldBy = async (
  ops: Ops,
  id: OpId,
  session: string | undefined,
): Promise<Held | undefined> => {
  const note = await ops.remembered(id)
  if (await isWorkedOn(note?.opener)) return 'running'
  return note?.session === undefined || note.session === session ? undefined : 'other-session'
}

const isLeft = async (ops: Ops, id: OpId, session: string): Promise<boolean> => {
  const note = await ops.remembered(id)
  if (note?.session !== session || (await isWorkedOn(note.opener))) return false
  // A record that is gone from the disk is rebuilt by the close; one that is closed is only pending.
  const found = await ops.read(id).catch(() => undefined)
  return found?.record.status !== 'closed'
}

/** The Ops of a store that a session opened and left open. */
export const leftBy = async (ops: Ops, session: string): Promise<readonly OpId[]> => {
  const left: OpId[] = []
  for (const id of await rememberedIds(ops.root)) {
    if (await isLeft(ops, id, session)) left.push(id)
  }
  return left
}

/** Closes them; what cannot be closed stays open, and hinders none of the others. */
export const abandonAll = async (ops: Ops, ids: readonly OpId[]): Promise<readonly OpId[]> => {
  const closed: OpId[] = []
  for (const id of ids) {
    const done = await ops.complete(id, { outcome: 'abandoned' }).catch(() => undefined)
    if (done !== undefined) closed.push(id)
  }
  return closed
}
