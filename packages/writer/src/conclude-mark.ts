import { isDeepStrictEqual } from 'node:util'
import type { OpId } from '@kitty/record'
import type { CommitResult } from './commit-strategy.js'
import { isAttended, isDelivered, type Mark, readMark, removeMark, updateMark } from './intents.js'
import { takenOver } from './mark.js'
import { forgetStarted } from './started-notes.js'

/** Ends a mark with its result: a committed Op is done with, any other stays pending with the reason. */
export const concludeMark = async (
  state: string,
  mark: Mark,
  result: CommitResult,
): Promise<void> => {
  if (result.status === 'committed') {
    // The mark goes last: what a crash leaves of the two is then cleared by the next turn.
    await forgetStarted(state, mark.invocation_id)
    return removeMark(state, mark.invocation_id)
  }
  if (mark.owner === '' && isDeepStrictEqual(mark.result, result)) return
  return updateMark(state, { ...takenOver(mark), owner: '', result })
}

/** Leaves a result where whoever waits for it in another process looks, or ends the mark. */
export const leaveResult = async (
  state: string,
  id: OpId,
  result: CommitResult,
  isOurs: boolean,
): Promise<void> => {
  // Read anew: whoever waited may have given up since.
  const mark = await readMark(state, id)
  if (mark === undefined) return
  const awaited = !isOurs && isAttended(mark) && (mark.result === undefined || isDelivered(mark))
  return awaited ? updateMark(state, { ...mark, result }) : concludeMark(state, mark, result)
}
