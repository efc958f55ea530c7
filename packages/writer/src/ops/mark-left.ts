import type { OpId } from '@kitty/record'
import { readRecord } from '../records/record-file.js'
import { readIntent } from '../state/intent-store.js'
import { readStartNote, replaceStartNote, type SessionEnd } from '../state/start-notes.js'
import type { StoreContext } from './context.js'

/** An Op with an intent counts as closed: its outcome is already decided. */
const isOpen = async (ctx: StoreContext, id: OpId): Promise<boolean> => {
  if ((await readIntent(ctx.state, id)) !== undefined) return false
  return (await readRecord(ctx.root, id))?.record.status !== 'closed'
}

/**
 * Notes in the start note of an open Op that the session which opened it has ended; with `undefined`, that
 * it continues. The record does not change. Returns false if there is no start note, or the Op is closed or being
 * closed. Throws `LOCK_TIMEOUT`, and what writing files throws.
 */
export const markLeft = (
  ctx: StoreContext,
  id: OpId,
  left: SessionEnd | undefined,
): Promise<boolean> =>
  ctx.lock.withLock(async () => {
    const note = await readStartNote(ctx.state, id)
    if (note === undefined || !(await isOpen(ctx, id))) return false
    const { left: _, ...rest } = note
    await replaceStartNote(ctx.state, id, left ? { ...rest, left } : rest, ctx.durability)
    return true
  })
