import { setTimeout as sleep } from 'node:timers/promises'
import type { OpId } from '@kitty/record'
import type { CommitResult } from './commit-strategy.js'
import { evidencePaths } from './evidence-paths.js'
import { createMark, isAttended, readMark } from './intents.js'
import { newMark } from './new-mark.js'
import type { OpFile } from './op-store.js'
import type { OpsContext } from './ops-options.js'

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

/** True once the Op has a mark that nobody waits for; makes one where there is none. */
const marked = async (ops: OpsContext, id: OpId, file: OpFile): Promise<boolean> => {
  const mark = await readMark(ops.state, id)
  if (mark !== undefined) return !isAttended(mark)
  const evidence = await evidencePaths(ops.root, id)
  return createMark(ops.state, newMark(ops, id, file.bytes, evidence))
}

/**
 * Has an Op committed that is closed on disk, also when nothing marks it as pending. Where HEAD holds
 * it already, the result is that commit.
 */
export const commitClosed = async (ops: OpsContext, file: OpFile): Promise<CommitResult> => {
  const id = file.record.invocation_id
  if (id === undefined || file.record.status !== 'closed') return notClosed
  for (const deadline = Date.now() + ops.lockTimeoutMs; Date.now() < deadline; await sleep(20)) {
    const expected = ops.queue.expect(id)
    if (expected === undefined) continue
    const ready = await marked(ops, id, file).catch((error: unknown) => {
      expected.cancel()
      throw error
    })
    if (ready) {
      ops.queue.ready(id)
      return expected.result
    }
    expected.cancel()
  }
  return stillBusy
}
