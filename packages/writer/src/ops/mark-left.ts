import type { OpId } from '@kitty/record'
import { readRecord } from '../records/record-file.js'
import { readIntent } from '../state/intent-store.js'
import { readStartNote, replaceStartNote, type SessionEnd } from '../state/start-notes.js'
import type { OpsContext } from './context.js'

/** A close that has begun needs no mark: it has an outcome of its own. */
const isOpen = async (ops: OpsContext, id: OpId): Promise<boolean> => {
  if ((await readIntent(ops.state, id)) !== undefined) return false
  return (await readRecord(ops.root, id))?.record.status !== 'closed'
}

/**
 * Notes in the start note of an open Op that the session which opened it has ended; with `undefined`, that
 * it goes on. The record is not touched. Returns false if there is no start note, or the Op is closed or being
 * closed. Throws `LOCK_TIMEOUT`, and what writing files throws.
 */
export const markLeft = (
  ops: OpsContext,
  id: OpId,
  left: SessionEnd | undefined,
): Promise<boolean> =>
  ops.lock.withLock(async () => {
    const note = await readStartNote(ops.state, id)
    if (note === undefined || !(await isOpen(ops, id))) return false
    const { left: _, ...rest } = note
    await replaceStartNote(ops.state, id, left ? { ...rest, left } : rest, ops.durability)
    return true
  })
