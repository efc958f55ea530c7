import { setTimeout as sleep } from 'node:timers/promises'
import type { OpId } from '@kitty/record'
import { alsoInLedger, fileOf } from '../commit/also-in-ledger.js'
import { locateVanished } from '../commit/batch-items.js'
import { startsWith } from '../fs/bytes.js'
import { appendFile } from '../fs/durable-file.js'
import { hasCode } from '../fs/errors.js'
import { toAbsolute } from '../project/paths.js'
import {
  createRecord,
  hasRecord,
  isClosedFile,
  type OpFile,
  readRecord,
} from '../records/record-file.js'
import { notFound } from '../records/resolve-id.js'
import type { CloseIntent } from '../state/intent.js'
import { hasLiveOwner, readIntent } from '../state/intent-store.js'
import { replayIntent } from '../state/replay-intent.js'
import { settleIntent } from '../state/settle-intent.js'
import { readStartNote } from '../state/start-notes.js'
import type { StoreContext } from './context.js'
import { AlreadyClosedError, closeInProgress, recordChangedError } from './errors.js'

/**
 * Returns once no other close of this Op is in progress: waits for a live owner of its intent, and replays the
 * intent of a dead one. Throws `CLOSE_IN_PROGRESS` at the deadline, `RECORD_CHANGED`, `LOCK_TIMEOUT`, and
 * `ALREADY_CLOSED` if a commit holds the closed record and it is missing on disk.
 */
export const recoverInterruptedClose = async (
  ctx: StoreContext,
  id: OpId,
  deadline: number,
): Promise<void> => {
  for (;;) {
    const intent = await readIntent(ctx.state, id)
    if (intent === undefined || (await isFullyWritten(ctx, intent))) return
    if (!hasLiveOwner(intent)) await replayDeadIntent(ctx, id)
    else if (Date.now() >= deadline) throw closeInProgress(id)
    else await sleep(20)
  }
}

/** Whether the whole close is on disk. A record that only lacks its last line feed is closed, but not complete. */
const isFullyWritten = async (ctx: StoreContext, { id, bytes }: CloseIntent): Promise<boolean> => {
  const file = await readRecord(ctx.root, id)
  const isTorn = file && file.bytes.length < bytes.length && startsWith(bytes, file.bytes)
  return file?.record.status === 'closed' && !isTorn
}

/** Replays the intent of a dead owner. Holds the commit lock, because batches replay intents too. */
const replayDeadIntent = (ctx: StoreContext, id: OpId): Promise<void> =>
  ctx.lock.withLock(async () => {
    const intent = await readIntent(ctx.state, id)
    if (intent === undefined || hasLiveOwner(intent)) return
    const gone = hasRecord(ctx.root, id) ? [] : [intent]
    const location = (await locateVanished(ctx.root, ctx.strategy, gone)).get(id)
    if (location?.kind === 'commit') {
      const results = await alsoInLedger(ctx, [{ intent, result: location.result }])
      const result = results.get(id) ?? location.result
      await settleIntent(ctx.state, intent, result)
      const file = fileOf(id, intent.bytes)
      throw isClosedFile(file) ? new AlreadyClosedError(file, result) : recordChangedError(id)
    }
    const mayRecreate = location?.kind === 'nowhere'
    if (!(await replayIntent(ctx.root, intent, { mayRecreate }))) throw recordChangedError(id)
  })

/** A record, and whether it had to be restored. */
export type RecordToClose = { readonly file: OpFile; readonly rebuilt: boolean }

/**
 * Reads the record of an Op. Restores it from the start note if it is missing (for example after `git stash -u`,
 * `git clean` or a branch switch), and completes its `started` line if a crash cut it off. Throws
 * `OP_NOT_FOUND`, `LOCK_TIMEOUT`, and what writing throws.
 */
export const findOrRebuildRecord = async (ctx: StoreContext, id: OpId): Promise<RecordToClose> => {
  const found = await readRecord(ctx.root, id)
  if (found?.record.started !== undefined) return { file: found, rebuilt: false }
  const rebuilt = found === undefined && (await rebuildFromStartNote(ctx, id))
  if (found !== undefined) await replayStart(ctx, id)
  const file = await readRecord(ctx.root, id)
  if (file === undefined) throw notFound(id)
  return { file, rebuilt }
}

const rebuildFromStartNote = async (ctx: StoreContext, id: OpId): Promise<boolean> => {
  const note = await readStartNote(ctx.state, id)
  if (note === undefined) return false
  await createRecord(ctx.root, id, note.line, ctx.durability).catch((error: unknown) => {
    // Another closer has just written the same line.
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error
  })
  return true
}

/**
 * Appends the missing rest of a `started` line that a crash cut off. Holds the commit lock, because several
 * closers may try; an opener that is still alive writes the same bytes at the same place.
 */
const replayStart = (ctx: StoreContext, id: OpId): Promise<void> =>
  ctx.lock.withLock(async () => {
    const [file, note] = [await readRecord(ctx.root, id), await readStartNote(ctx.state, id)]
    if (file === undefined || note === undefined) return
    const line = Buffer.from(note.line)
    if (!startsWith(line, file.bytes)) return
    const rest = line.subarray(file.bytes.length)
    await appendFile(toAbsolute(ctx.root, file.path), rest, ctx.durability)
  })
