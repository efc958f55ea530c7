import { isDeepStrictEqual } from 'node:util'
import type { OpId } from '@kitty/record'
import type { CommitResult } from '../ports/commit-strategy.js'
import { type CloseIntent, withoutOwner, withPreviousOwner } from './intent.js'
import {
  hasLiveOwner,
  hasUndeliveredResult,
  readIntent,
  removeIntent,
  replaceIntent,
} from './intent-store.js'
import { removeStartNote } from './start-notes.js'

/** Whether the ledger, if there is one, needs no other attempt: it holds the record, or another closed version of it. */
const isLedgerDone = ({ ledger }: CommitResult): boolean =>
  ledger === undefined || ledger.status === 'committed' || ledger.reason === 'closed-in-ledger'

/**
 * Whether no attempt is left: every home holds the record; or a guard refused it, and the ledger holds it; or HEAD
 * holds another closed version of it. That version stays, and keeping the intent would only restore this one if the
 * record goes missing on disk.
 */
export const isFinal = (result: CommitResult): boolean => {
  if (result.status === 'refused') {
    return result.code === 'CLOSED_IN_HEAD' || result.ledger?.status === 'committed'
  }
  return result.status === 'committed' && isLedgerDone(result)
}

/** Settles an intent: removes it after a final result, else stores the result in it and clears its owner. */
export const settleIntent = async (
  state: string,
  intent: CloseIntent,
  result: CommitResult,
): Promise<void> => {
  if (isFinal(result)) {
    // The intent is removed last: if a crash leaves it, the next batch settles it again.
    await removeStartNote(state, intent.id)
    return removeIntent(state, intent.id)
  }
  if (intent.owner === undefined && isDeepStrictEqual(intent.result, result)) return
  return replaceIntent(state, { ...withoutOwner(withPreviousOwner(intent)), result })
}

/** Stores a result in an intent whose owner in another process waits for it; otherwise settles the intent. */
export const deliverResult = async (
  state: string,
  id: OpId,
  result: CommitResult,
  isOwn: boolean,
): Promise<void> => {
  // Read again: the owner may have given up since.
  const intent = await readIntent(state, id)
  if (intent === undefined) return
  const hasWaiter =
    !isOwn && hasLiveOwner(intent) && (intent.result === undefined || hasUndeliveredResult(intent))
  return hasWaiter
    ? replaceIntent(state, { ...intent, result })
    : settleIntent(state, intent, result)
}
