import { setTimeout as sleep } from 'node:timers/promises'
import { isOpId, type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import type { CommitResult } from '../ports/commit-strategy.js'
import type { OpFile } from '../records/record-file.js'
import { newMark } from '../state/new-mark.js'
import { closeRecord } from './close-record.js'
import { type Closing, checkClosing } from './closing.js'
import { type ClosingLines, closingLines } from './closing-lines.js'
import { commitClosed } from './commit-closed.js'
import { AlreadyClosedError, beingClosed, damaged, notFound } from './errors.js'
import { type FoundRecord, findRecord } from './find-record.js'
import type { OpsContext } from './ops-options.js'
import { propagateBeside } from './propagate.js'
import { closingBytes } from './record-bytes.js'
import { clearTheWay } from './recover.js'
import { isRepeatedClose } from './repeated-close.js'

/** What became of a close. */
export type Completion = {
  readonly invocation_id: OpId
  /** The record, relative to the root, with `/`. */
  readonly path: string
  readonly record: OpRecord
  readonly commit: CommitResult
  /** True when the record was gone and was written anew from what was kept of its start. */
  readonly rebuilt: boolean
  /** True when the Op had been closed before, with just this; `record` is what it was closed with then. */
  readonly already: boolean
  /** What else the caller should know. */
  readonly notes: readonly string[]
}

const REBUILT =
  'The record was no longer on disk; it was written anew from the started line kept in the state folder.'

const redactedNote = (redacted: number): string[] => {
  if (redacted === 0) return []
  const what = redacted === 1 ? 'A secret was' : `${redacted} secrets were`
  return [`${what} taken out of the reason before anything was written.`]
}

/** One try at closing; the closed record, or undefined when somebody else was faster or is at it. */
const tryToClose = async (
  ops: OpsContext,
  id: OpId,
  file: OpFile,
  lines: ClosingLines,
): Promise<{ closed: OpFile; commit: CommitResult } | undefined> => {
  const bytes = Buffer.concat([file.bytes, closingBytes(file.bytes, lines.text)])
  const expected = ops.queue.expect(id)
  if (expected === undefined) return undefined
  let done = false
  try {
    done = await closeRecord(ops, file, newMark(ops, id, bytes, lines.evidence))
  } finally {
    if (!done) expected.cancel()
  }
  if (!done) return undefined
  ops.queue.ready(id)
  const closed = { record: parseOpRecord(bytes, { opId: id }), bytes, path: file.path }
  return { closed, commit: (await expected.result) ?? (await commitClosed(ops, closed)) }
}

const close = async (
  ops: OpsContext,
  id: OpId,
  { file, rebuilt }: FoundRecord,
  closing: Closing,
): Promise<Completion | undefined> => {
  const { started } = file.record
  if (started === undefined) throw damaged(file)
  const lines = await closingLines(ops, started, closing)
  const done = await tryToClose(ops, id, file, lines)
  if (done === undefined) return undefined
  const { record } = done.closed
  if (record.completed !== undefined) propagateBeside(ops, record.completed)
  const notes = [...(rebuilt ? [REBUILT] : []), ...redactedNote(lines.redacted)]
  const { commit } = done
  return { invocation_id: id, path: file.path, record, commit, rebuilt, already: false, notes }
}

const closeOnce = async (ops: OpsContext, id: OpId, closing: Closing): Promise<Completion> => {
  await ops.makeState()
  const deadline = Date.now() + ops.lockTimeoutMs
  for (;;) {
    await clearTheWay(ops, id, deadline)
    const found = await findRecord(ops, id)
    if (found.file.record.status === 'closed') {
      throw new AlreadyClosedError(found.file, await commitClosed(ops, found.file))
    }
    const completion = await close(ops, id, found, closing)
    if (completion !== undefined) return completion
    if (Date.now() >= deadline) throw beingClosed(id)
    // What was awaited so far may all have been there at once: whoever is at it needs a turn.
    await sleep(5)
  }
}

/**
 * Closes an Op with its real outcome, in one write, and has it committed. Once this returns, the record
 * is on disk, and `commit` says whether it is committed or pending, and why. A call that is repeated, because
 * its answer was lost, succeeds with `already: true`: the same outcome, without evidence, links or a reason
 * that the record does not hold.
 *
 * @throws KittyError `OP_NOT_FOUND`, `ALREADY_CLOSED` (an `AlreadyClosedError`, after the pending commit
 * was tried) for a close with anything else, `RECORD_DAMAGED`, `RECORD_CHANGED`, `CLOSE_IN_PROGRESS`, `LOCK_TIMEOUT`, `CLOSING_INVALID`,
 * `EVIDENCE_…`, and what writing files throws. The Op stays open after any of them but
 * `ALREADY_CLOSED`, unless the disk took the close and then failed to confirm it.
 */
export const completeOp = async (
  ops: OpsContext,
  id: OpId,
  closing: Closing,
): Promise<Completion> => {
  if (!isOpId(id)) throw notFound(id)
  const checked = checkClosing(closing)
  try {
    return await closeOnce(ops, id, checked)
  } catch (error) {
    const before = error instanceof AlreadyClosedError ? error : undefined
    if (before === undefined || !(await isRepeatedClose(ops, before.file, checked))) throw error
    const { path, record } = before.file
    const { commit } = before
    return { invocation_id: id, path, record, commit, rebuilt: false, already: true, notes: [] }
  }
}
