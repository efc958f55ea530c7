import type { CloseIntent } from '@kitty/writer'
import { hasLiveOwner } from '@kitty/writer/internals'
import { memoized } from '../check/memo.js'
import { headOf, isInHead } from './head.js'
import { intentsOf } from './intents.js'
import { heldByLedger } from './own-ledger.js'
import { hasLedger } from './work-tree.js'

/** The intents, without a living owner, whose record HEAD has. */
type CommittedIntents = {
  /** Every home holds the record, or the ledger keeps another closed version. */
  readonly needless: readonly CloseIntent[]
  /** The ledger lacks the record. */
  readonly notInLedger: readonly CloseIntent[]
}

export const committedIntents = memoized(async (context): Promise<CommittedIntents> => {
  const intents = [...(await intentsOf(context)).values()].filter((each) => !hasLiveOwner(each))
  const head = intents.length === 0 ? undefined : await headOf(context)
  const inHead = intents.filter(({ id, bytes }) => head !== undefined && isInHead(head, id, bytes))
  const isHeld = hasLedger(context) && inHead.length > 0 ? await heldByLedger(context) : () => true
  const needless = inHead.filter(
    ({ id, bytes, result }) =>
      isHeld(id, bytes) ||
      (result?.ledger?.status === 'failed' && result.ledger.reason === 'closed-in-ledger'),
  )
  return { needless, notInLedger: inHead.filter((each) => !needless.includes(each)) }
})
