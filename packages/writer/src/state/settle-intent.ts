import { isDeepStrictEqual } from 'node:util'
import type { OpId } from '@kitty/record'
import type { CommitResult } from '../ports/commit-strategy.js'
import { type CloseIntent, withPreviousOwner } from './intent.js'
import {
  hasLiveOwner,
  hasUndeliveredResult,
  readIntent,
  removeIntent,
  replaceIntent,
} from './intent-store.js'
import { removeStartNote } from './start-notes.js'

/**
 * Whether nothing is left to be tried: it is committed; or HEAD holds another closed version, which stays, so
 * that a mark would only bring this one back where the record is gone from disk.
 */
const isFinal = (result: CommitResult): boolean =>
  result.status === 'committed' || ('code' in result && result.code === 'CLOSED_IN_HEAD')

/** Ends a mark with its result: an Op that is over is done with, any other stays pending with the reason. */
export const settleIntent = async (
  state: string,
  intent: CloseIntent,
  result: CommitResult,
): Promise<void> => {
  if (isFinal(result)) {
    // The mark goes last: what a crash leaves of the two is then cleared by the next turn.
    await removeStartNote(state, intent.invocation_id)
    return removeIntent(state, intent.invocation_id)
  }
  if (intent.owner === '' && isDeepStrictEqual(intent.result, result)) return
  return replaceIntent(state, { ...withPreviousOwner(intent), owner: '', result })
}

/** Leaves a result where whoever waits for it in another process looks, or ends the mark. */
export const deliverResult = async (
  state: string,
  id: OpId,
  result: CommitResult,
  isOwn: boolean,
): Promise<void> => {
  // Read anew: whoever waited may have given up since.
  const intent = await readIntent(state, id)
  if (intent === undefined) return
  const hasWaiter =
    !isOwn && hasLiveOwner(intent) && (intent.result === undefined || hasUndeliveredResult(intent))
  return hasWaiter
    ? replaceIntent(state, { ...intent, result })
    : settleIntent(state, intent, result)
}
