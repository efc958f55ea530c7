import { isDeepStrictEqual } from 'node:util'
import type { OpId } from '@kitty/record'
import type { CommitResult } from '../ports/commit-strategy.js'
import { type Mark, takenOver } from './intent.js'
import { isAttended, isDelivered, readMark, removeMark, updateMark } from './intent-store.js'
import { forgetStarted } from './start-notes.js'

/**
 * Whether nothing is left to be tried: it is committed; or HEAD holds another closed version, which stays, so
 * that a mark would only bring this one back where the record is gone from disk.
 */
const isOver = (result: CommitResult): boolean =>
  result.status === 'committed' || ('code' in result && result.code === 'CLOSED_IN_HEAD')

/** Ends a mark with its result: an Op that is over is done with, any other stays pending with the reason. */
export const concludeMark = async (
  state: string,
  mark: Mark,
  result: CommitResult,
): Promise<void> => {
  if (isOver(result)) {
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
