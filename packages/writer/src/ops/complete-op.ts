// Completes an Op: the main path of the writer, from a request to close to the result of the commit. The numbers
// are those of the table in docs/durability.md.
//
//   0  check the closing; recover an interrupted close of the same Op; find its record, or rebuild it from the
//      start note; redact; copy the evidence
//   1  create the intent, which holds the whole closed record           state/intent.ts
//   2  append the links and `completed` to the record, in one write
//   3–8  commit: this process or another one commits it in a batch      commit/commit-batch.ts
//
// A crash after …
//   0  leaves the Op open, perhaps with copied evidence that nothing refers to yet.
//   1  leaves an open record and an intent. The next completion appends what the record lacks, and commits it.
//   2  leaves a closed record, or a torn end of it, and an intent. The next completion adds the missing bytes.
// Durability `power` syncs the intent and the record before step 3, so a power loss leaves no more than a crash.
//
// Limits: one attempt waits for another closer until `lockTimeoutMs`, then throws CLOSE_IN_PROGRESS. A write that
// fails is cut back, and the intent removed, unless the record on disk is closed: then the intent stays, without an
// owner, and the next completion commits the Op. A closed record is never changed again.

import { setTimeout as sleep } from 'node:timers/promises'
import { type ClosedRecord, isOpId, type OpId, parseOpRecord } from '@kitty/record'
import { appendFile, truncateTo } from '../fs/durable-file.js'
import { hasCode } from '../fs/errors.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import { toAbsolute } from '../project/paths.js'
import {
  type ClosedOpFile,
  isClosedFile,
  type OpFile,
  readRecordBytes,
} from '../records/record-file.js'
import { notFound } from '../records/resolve-id.js'
import { type CloseIntent, newIntent, withoutOwner } from '../state/intent.js'
import { createIntent, removeIntent, replaceIntent, syncIntent } from '../state/intent-store.js'
import { isFinal } from '../state/settle-intent.js'
import { type Closing, checkClosing } from './closing.js'
import { type ClosingLines, closingLines, missingTail } from './closing-lines.js'
import { commitClosed } from './commit-closed.js'
import type { StoreContext } from './context.js'
import { AlreadyClosedError, closeInProgress, recordDamaged } from './errors.js'
import { closeGoneOp } from './gone-ops.js'
import { refuseHeld } from './held-record.js'
import { linkedWork, NO_HEAD, wantsLinks, withCommits } from './linked-work.js'
import { propagateInBackground } from './propagate.js'
import { findOrRebuildRecord, type RecordToClose, recoverInterruptedClose } from './recover.js'
import { isRepeatedClose } from './repeated-close.js'

/** The result of a close. */
export type Completion = {
  readonly id: OpId
  /** The record, relative to the root, with `/`. */
  readonly path: string
  readonly record: ClosedRecord
  readonly commit: CommitResult
  /**
   * `in-work-tree` if the git directory cannot be found or written, so that the state is in `.kittify/state`: until the
   * next Op that can write it, the Op is lost with this work tree.
   */
  readonly state?: 'in-work-tree'
  /** The commits that were found and linked, if that was asked for: see `Closing.link_commits`. */
  readonly linked?: readonly string[]
  /** True if the Op had already been closed with the same values; `record` is what it was closed with then. */
  readonly already: boolean
  /** Other facts for the caller, as sentences. */
  readonly notes: readonly string[]
}

const REBUILT =
  'The record was missing on disk; it was restored from the start note in the state folder.'

/**
 * Closes an Op, and commits it. `Ops.complete` says what it returns and throws.
 */
export const completeOp = async (
  ctx: StoreContext,
  id: OpId,
  closing: Closing,
): Promise<Completion> => {
  // Untyped callers can pass anything.
  if (!isOpId(id)) throw notFound(id)
  const checked = checkClosing(closing)
  try {
    return await closeOnce(ctx, id, checked)
  } catch (error) {
    const before = error instanceof AlreadyClosedError ? error : undefined
    if (before === undefined || !(await isRepeatedClose(ctx, before.file, checked))) throw error
    const { path, record } = before.file
    const { commit } = before
    return { id, path, record, commit, ...stateOf(ctx, commit), already: true, notes: [] }
  }
}

const closeOnce = async (ctx: StoreContext, id: OpId, closing: Closing): Promise<Completion> => {
  await ctx.stateFolder.ensure()
  const deadline = Date.now() + ctx.lockTimeoutMs
  for (;;) {
    await recoverInterruptedClose(ctx, id, deadline)
    const found = await findOrRebuildRecord(ctx, id).catch((error: unknown) => {
      if (!hasCode(error, 'OP_NOT_FOUND')) throw error
    })
    if (found === undefined) return closeGone(ctx, id, closing)
    const { file } = found
    if (isClosedFile(file)) throw new AlreadyClosedError(file, await commitClosed(ctx, file))
    if (file.record.status === 'open') await refuseHeld(ctx, id)
    const completion = await close(ctx, id, found, closing)
    if (completion !== undefined) return completion
    if (Date.now() >= deadline) throw closeInProgress(id)
    // Everything awaited so far may have resolved at once: yield, so that the other closer can run.
    await sleep(5)
  }
}

const close = async (
  ctx: StoreContext,
  id: OpId,
  { file, rebuilt }: RecordToClose,
  closing: Closing,
): Promise<Completion | undefined> => {
  const { started } = file.record
  if (started === undefined) throw recordDamaged(file)
  const linked = wantsLinks(ctx, closing) ? await linkedWork(ctx, started) : undefined
  const whole = linked === undefined ? closing : withCommits(closing, linked.commits)
  const lines = await closingLines(ctx, started, whole)
  const done = await attemptClose(ctx, id, file, lines)
  if (done === undefined) return undefined
  const { record } = done.closed
  propagateInBackground(ctx, record.completed)
  if (isFinal(done.commit)) await ctx.stateFolder.forgetElsewhere(id)
  const said = [...redactedNote(lines.redacted), ...(linked?.notes ?? [])]
  const notes = rebuilt ? [REBUILT, ...said] : said
  const more = { ...(linked && { linked: linked.commits }), ...stateOf(ctx, done.commit) }
  return { id, path: file.path, record, commit: done.commit, ...more, already: false, notes }
}

const IN_LEDGER =
  'The work tree of the Op is gone, so its record is in the ledger and not in a file here.'

/** Closes an Op that has no record here. Throws `OP_NOT_FOUND` if it is not one of a work tree that is gone. */
const closeGone = async (ctx: StoreContext, id: OpId, closing: Closing): Promise<Completion> => {
  const closed = await closeGoneOp(ctx, id, closing)
  if (closed === undefined) throw notFound(id)
  const { file, commit, redacted } = closed
  propagateInBackground(ctx, file.record.completed)
  const links = wantsLinks(ctx, closing) ? NO_HEAD.notes : []
  const notes = [IN_LEDGER, ...redactedNote(redacted), ...links]
  return { id, path: file.path, record: file.record, commit, already: false, notes }
}

/** Says if the only second copy of a pending Op lies in the work tree. */
const stateOf = (ctx: StoreContext, { status }: CommitResult): Pick<Completion, 'state'> =>
  ctx.stateFolder.location.place === 'in-work-tree' && status !== 'committed'
    ? { state: 'in-work-tree' }
    : {}

const redactedNote = (redacted: number): string[] => {
  if (redacted === 0) return []
  const what =
    redacted === 1 ? 'A secret in the reason was' : `${redacted} secrets in the reason were`
  return [`${what} replaced before anything was written.`]
}

/** One attempt to close. Returns `undefined` if another closer has closed the Op or is closing it. */
const attemptClose = async (
  ctx: StoreContext,
  id: OpId,
  file: OpFile,
  lines: ClosingLines,
): Promise<{ closed: ClosedOpFile; commit: CommitResult } | undefined> => {
  const bytes = Buffer.concat([file.bytes, missingTail(file.bytes, lines.text)])
  const closed = { record: parseOpRecord(bytes, { opId: id }), bytes, path: file.path }
  if (!isClosedFile(closed)) throw recordDamaged(file, 'is too large or has too many problems')
  const ticket = ctx.queue.reserve(id)
  if (ticket === undefined) return undefined
  let done = false
  try {
    done = await appendUnderIntent(ctx, file, newIntent(ctx, id, bytes, lines.evidence))
  } finally {
    if (!done) ticket.cancel()
  }
  if (!done) return undefined
  ctx.queue.enqueue(id, closed)
  return { closed, commit: (await ticket.result) ?? (await commitClosed(ctx, closed)) }
}

/**
 * Creates the intent and closes the record under it. Returns false if there is already an intent or the record
 * has changed: then, and after an error, the Op is unchanged, unless the disk stored the close and then failed
 * to confirm it.
 */
export const appendUnderIntent = async (
  ctx: StoreContext,
  file: OpFile,
  intent: CloseIntent,
): Promise<boolean> => {
  const id = intent.id
  if (!(await createIntent(ctx.state, intent))) return false
  ctx.queue.claim(id)
  try {
    const closed = await appendAndSync(ctx, file, intent)
    if (!closed) await removeIntent(ctx.state, id)
    return closed
  } catch (error) {
    await abandonIntent(ctx, id, intent)
    throw error
  }
}

/** Appends to the record and syncs the intent concurrently. The close is reported only once both are durable. */
const appendAndSync = async (
  ctx: StoreContext,
  file: OpFile,
  intent: CloseIntent,
): Promise<boolean> => {
  const [appended, synced] = await Promise.allSettled([
    appendClosing(ctx, file, intent),
    syncIntent(ctx.state, intent),
  ])
  if (appended.status === 'rejected') throw appended.reason
  if (synced.status === 'rejected') throw synced.reason
  return appended.value
}

/** Appends the close. Returns false if the record is no longer the one that the lines were made for. */
const appendClosing = async (
  ctx: StoreContext,
  file: OpFile,
  intent: CloseIntent,
): Promise<boolean> => {
  const now = await readRecordBytes(ctx.root, intent.id)
  if (now?.bytes.equals(file.bytes) !== true || now.path !== file.path) return false
  const path = toAbsolute(ctx.root, file.path)
  try {
    await appendFile(path, intent.bytes.subarray(file.bytes.length), ctx.durability)
    return true
  } catch (error) {
    // Deleted since it was read, for example by `git clean`: the next attempt restores it.
    if (hasCode(error, 'NOT_FOUND')) return false
    await truncateTo(path, file.bytes.length, intent.bytes.length)
    throw error
  }
}

/** After a failed append: keeps the intent, without an owner, only if the record is closed; else removes it. */
const abandonIntent = async (ctx: StoreContext, id: OpId, intent: CloseIntent): Promise<void> => {
  if (await isClosed(ctx, intent)) await replaceIntent(ctx.state, withoutOwner(intent))
  else await removeIntent(ctx.state, id)
}

const isClosed = async (ctx: StoreContext, intent: CloseIntent): Promise<boolean> => {
  const now = await readRecordBytes(ctx.root, intent.id).catch(() => undefined)
  return now?.bytes.equals(intent.bytes) === true
}
