import { setTimeout as sleep } from 'node:timers/promises'
import type { OpId } from '@kitty/record'
import { beingClosed, changedMeanwhile } from './close-errors.js'
import { isAttended, readMark } from './intents.js'
import { readRecord } from './op-store.js'
import type { OpsContext } from './ops-options.js'
import { finishClose } from './pending-request.js'

const isClosed = async (ops: OpsContext, id: OpId): Promise<boolean> =>
  (await readRecord(ops.root, id))?.record.status === 'closed'

/** Finishes what a dead closer began. The turns of others may do so too, so it holds their lock. */
const finishForTheDead = (ops: OpsContext, id: OpId): Promise<void> =>
  ops.queue.alone(async () => {
    const mark = await readMark(ops.state, id)
    if (mark === undefined || isAttended(mark)) return
    if (!(await finishClose(ops.root, mark))) throw changedMeanwhile(id)
  })

/**
 * Returns once no close of this Op is under way: a living closer is waited for, a dead one's close is
 * finished. Throws `CLOSE_IN_PROGRESS` at the deadline, `RECORD_CHANGED` and `LOCK_TIMEOUT`.
 */
export const clearTheWay = async (ops: OpsContext, id: OpId, deadline: number): Promise<void> => {
  for (;;) {
    const mark = await readMark(ops.state, id)
    if (mark === undefined || (await isClosed(ops, id))) return
    if (!isAttended(mark)) await finishForTheDead(ops, id)
    else if (Date.now() >= deadline) throw beingClosed(id)
    else await sleep(20)
  }
}
