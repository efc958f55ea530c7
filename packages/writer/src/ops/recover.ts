import { setTimeout as sleep } from 'node:timers/promises'
import { type OpId, parseOpRecord } from '@kitty/record'
import { finishClose } from '../commit/commit-request.js'
import { findVanished } from '../commit/vanished-records.js'
import { recordPath } from '../project/paths.js'
import { hasRecord, type OpFile, readRecord } from '../records/record-file.js'
import { isAttended, type Mark, readMark } from '../state/intent-store.js'
import { concludeMark } from '../state/settle-intent.js'
import { AlreadyClosedError, beingClosed, changedMeanwhile } from './errors.js'
import type { OpsContext } from './ops-options.js'
import { startsWith } from './record-bytes.js'

/** Whether nothing of the close is missing on disk; its last line may lack no more than its end. */
const isFinished = async (ops: OpsContext, { invocation_id, bytes }: Mark): Promise<boolean> => {
  const file = await readRecord(ops.root, invocation_id)
  const isTorn = file && file.bytes.length < bytes.length && startsWith(bytes, file.bytes)
  return file?.record.status === 'closed' && !isTorn
}

/** The closed record of a mark, wherever it is now. */
const closedFile = ({ invocation_id: id, bytes }: Mark): OpFile => ({
  record: parseOpRecord(bytes, { opId: id }),
  bytes,
  path: recordPath(id),
})

/** Finishes what a dead closer began. The turns of others may do so too, so it holds their lock. */
const finishForTheDead = (ops: OpsContext, id: OpId): Promise<void> =>
  ops.queue.alone(async () => {
    const mark = await readMark(ops.state, id)
    if (mark === undefined || isAttended(mark)) return
    const gone = hasRecord(ops.root, id) ? [] : [mark]
    const whereabouts = (await findVanished(ops.root, ops.strategy, gone)).get(id)
    if (typeof whereabouts === 'object') {
      await concludeMark(ops.state, mark, whereabouts)
      throw new AlreadyClosedError(closedFile(mark), whereabouts)
    }
    if (!(await finishClose(ops.root, mark, whereabouts))) throw changedMeanwhile(id)
  })

/**
 * Returns once no close of this Op is under way: a living closer is waited for, a dead one's close is
 * finished. Throws `CLOSE_IN_PROGRESS` at the deadline, `RECORD_CHANGED`, `LOCK_TIMEOUT`, and `ALREADY_CLOSED`
 * where a commit holds the finished record, which is gone from disk.
 */
export const clearTheWay = async (ops: OpsContext, id: OpId, deadline: number): Promise<void> => {
  for (;;) {
    const mark = await readMark(ops.state, id)
    if (mark === undefined || (await isFinished(ops, mark))) return
    if (!isAttended(mark)) await finishForTheDead(ops, id)
    else if (Date.now() >= deadline) throw beingClosed(id)
    else await sleep(20)
  }
}
