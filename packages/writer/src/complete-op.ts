import { setTimeout as sleep } from 'node:timers/promises'
import { type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import {
  AlreadyClosedError,
  beingClosed,
  changedMeanwhile,
  damaged,
  notFound,
} from './close-errors.js'
import { type Closing, type ClosingLines, closingLines } from './closing-lines.js'
import { commitClosed } from './commit-closed.js'
import type { CommitResult } from './commit-strategy.js'
import { cutBack } from './cut-back.js'
import { appendWhole } from './durable-file.js'
import { createMark, isAttended, type Mark, readMark, removeMark } from './intents.js'
import { toAbsolute } from './layout.js'
import { newMark } from './new-mark.js'
import { closingBytes, createRecord, type OpFile, readRecord } from './op-store.js'
import type { OpsContext } from './ops-options.js'
import { propagateBeside } from './propagator.js'
import { readStarted } from './started-notes.js'

/** What became of a close. */
export type Completion = {
  readonly invocation_id: OpId
  /** The record, relative to the root, with `/`. */
  readonly path: string
  readonly record: OpRecord
  readonly commit: CommitResult
  /** True when the record was gone and was written anew from what was kept of its start. */
  readonly rebuilt: boolean
  /** What the caller should know besides. */
  readonly notes: readonly string[]
}

type Opened = { readonly file: OpFile; readonly rebuilt: boolean }

const REBUILT =
  'The record was no longer on disk; it was written anew from the started line kept in the state folder.'

/** The record, rebuilt where `git stash -u`, `git clean` or another branch took it away. */
const findRecord = async (ops: OpsContext, id: OpId): Promise<Opened> => {
  const file = await readRecord(ops.root, id)
  if (file !== undefined) return { file, rebuilt: false }
  const note = await readStarted(ops.state, id)
  if (note === undefined) throw notFound(id)
  await createRecord(ops.root, id, note.line, ops.durability)
  const again = await readRecord(ops.root, id)
  if (again === undefined) throw notFound(id)
  return { file: again, rebuilt: true }
}

/** What stands in the way of a close: nothing, a closer at work, or one that died. */
const obstacle = async (ops: OpsContext, id: OpId): Promise<'none' | 'living' | 'dead'> => {
  const mark = await readMark(ops.state, id)
  if (mark === undefined) return 'none'
  return isAttended(mark) ? 'living' : 'dead'
}

/** Makes the way free, or throws when it stays barred until the deadline. */
const clearTheWay = async (ops: OpsContext, id: OpId, deadline: number): Promise<void> => {
  for (;;) {
    const found = await obstacle(ops, id)
    if (found === 'none') return
    const file = await readRecord(ops.root, id)
    if (file?.record.status === 'closed') return
    // A turn finishes what a dead closer began.
    if (found === 'dead') await ops.queue.flush(false)
    const after = await readRecord(ops.root, id)
    if (after?.record.status === 'closed') return
    if (Date.now() >= deadline) throw found === 'dead' ? changedMeanwhile(id) : beingClosed(id)
    await sleep(20)
  }
}

/** Appends the close; false when the record is no longer what the lines were made for. */
const append = async (ops: OpsContext, id: OpId, file: OpFile, bytes: Buffer): Promise<boolean> => {
  const now = await readRecord(ops.root, id)
  if (now?.bytes.equals(file.bytes) !== true || now.path !== file.path) return false
  const path = toAbsolute(ops.root, file.path)
  try {
    await appendWhole(path, bytes.subarray(file.bytes.length), ops.durability)
    return true
  } catch (error) {
    await cutBack(path, file.bytes.length, bytes.length)
    throw error
  }
}

/** Makes the mark and closes under it; the mark stays only where the record is closed then. */
const closeUnderMark = async (
  ops: OpsContext,
  id: OpId,
  file: OpFile,
  mark: Mark,
): Promise<boolean> => {
  if (!(await createMark(ops.state, mark))) return false
  try {
    return await append(ops, id, file, mark.bytes)
  } finally {
    const now = await readRecord(ops.root, id).catch(() => undefined)
    if (now?.bytes.equals(mark.bytes) !== true) await removeMark(ops.state, id)
  }
}

/** One try at closing; undefined when somebody else was faster or is at it. */
const tryToClose = async (
  ops: OpsContext,
  id: OpId,
  { file, rebuilt }: Opened,
  lines: ClosingLines,
): Promise<Completion | undefined> => {
  const bytes = Buffer.concat([file.bytes, closingBytes(file.bytes, lines.text)])
  const expected = ops.queue.expect(id)
  if (expected === undefined) return undefined
  let closed = false
  try {
    closed = await closeUnderMark(ops, id, file, newMark(ops, id, bytes, lines.evidence))
  } finally {
    if (!closed) expected.cancel()
  }
  if (!closed) return undefined
  ops.queue.ready(id)
  const commit = await expected.result
  const record = parseOpRecord(bytes, { opId: id })
  if (record.completed !== undefined) propagateBeside(ops, record.completed)
  const notes = [...(rebuilt ? [REBUILT] : []), ...lines.notes]
  return { invocation_id: id, path: file.path, record, commit, rebuilt, notes }
}

/**
 * Closes an Op with its real outcome, in one write, and has it committed. Once this returns, the record
 * is on disk, and `commit` says whether it is committed or pending, and why.
 *
 * @throws KittyError `OP_NOT_FOUND`, `ALREADY_CLOSED` (an `AlreadyClosedError`, after the pending commit
 * was tried), `RECORD_DAMAGED`, `CLOSE_IN_PROGRESS`, `CLOSING_INVALID`, `EVIDENCE_…`, and what writing
 * files throws. The Op stays open after any of them but `ALREADY_CLOSED`.
 */
export const completeOp = async (
  ops: OpsContext,
  id: OpId,
  closing: Closing,
): Promise<Completion> => {
  const deadline = Date.now() + ops.lockTimeoutMs
  for (;;) {
    await clearTheWay(ops, id, deadline)
    const opened = await findRecord(ops, id)
    const { record } = opened.file
    if (record.status === 'closed') {
      throw new AlreadyClosedError(opened.file, await commitClosed(ops, opened.file))
    }
    if (record.started === undefined) throw damaged(opened.file)
    const lines = await closingLines(ops, record.started, closing)
    const completion = await tryToClose(ops, id, opened, lines)
    if (completion !== undefined) return completion
    if (Date.now() >= deadline) throw beingClosed(id)
  }
}
