import { setTimeout as sleep } from 'node:timers/promises'
import type { OpId } from '@kitty/record'
import { evidencePaths } from '../content/evidence-paths.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import type { OpFile } from '../records/record-file.js'
import { isMarkOf, type Mark, newMark, takenOver } from '../state/intent.js'
import { createMark, isAttended, readMark, syncMark, updateMark } from '../state/intent-store.js'
import type { OpsContext } from './context.js'

const stillBusy: CommitResult = {
  status: 'deferred',
  reason: 'lock-timeout',
  message: 'Another process is still waiting for the commit of this Op.',
}

const notClosed: CommitResult = {
  status: 'refused',
  code: 'OPEN_RECORD',
  message: 'The record is not closed; the record of an open Op is never committed.',
}

const leftTo = ({ strategy }: Mark): CommitResult => ({
  status: 'deferred',
  reason: 'other-strategy',
  message: `The Op was closed under the commit strategy "${strategy}", or under other options of it.`,
  hint: 'Use that strategy again; or commit it with the one of now: spec-kitty doctor ops --fix',
})

/** Makes a mark that we wait for, or takes one over; `busy` when somebody else waits for it. */
const takeMark = async (
  ops: OpsContext,
  id: OpId,
  file: OpFile,
): Promise<'taken' | 'busy' | CommitResult> => {
  const mark = await readMark(ops.state, id)
  if (mark === undefined) {
    const own = newMark(ops, id, file.bytes, evidencePaths(id, file.record))
    if (!(await createMark(ops.state, own))) return 'busy'
    await syncMark(ops.state, own)
    return 'taken'
  }
  if (isAttended(mark)) return 'busy'
  if (!isMarkOf(ops.strategy, mark)) return leftTo(mark)
  // What the last try came to is not what this one will: a result in the mark would be taken for it.
  const { result: _, ...rest } = takenOver(mark)
  const { owner, at } = newMark(ops, id, file.bytes, mark.evidence)
  await updateMark(ops.state, { ...rest, owner, at })
  return 'taken'
}

/** One try; undefined when somebody else is at it, or was and has just ended. */
const tryToCommit = async (
  ops: OpsContext,
  id: OpId,
  file: OpFile,
): Promise<CommitResult | undefined> => {
  const expected = ops.queue.expect(id)
  if (expected === undefined) return undefined
  let taken: Awaited<ReturnType<typeof takeMark>> = 'busy'
  try {
    taken = await takeMark(ops, id, file)
  } finally {
    if (taken !== 'taken') expected.cancel()
  }
  if (taken === 'busy') return undefined
  if (taken !== 'taken') return taken
  ops.queue.ready(id, file)
  return expected.result
}

/**
 * Has an Op committed that is closed on disk, also when nothing marks it as pending. Where HEAD holds
 * it already, the result is that commit.
 */
export const commitClosed = async (ops: OpsContext, file: OpFile): Promise<CommitResult> => {
  const id = file.record.invocation_id
  if (id === undefined || file.record.status !== 'closed') return notClosed
  await ops.makeState()
  const deadline = Date.now() + ops.lockTimeoutMs
  for (;;) {
    const result = await tryToCommit(ops, id, file)
    if (result !== undefined) return result
    if (Date.now() >= deadline) return stillBusy
    await sleep(20)
  }
}
