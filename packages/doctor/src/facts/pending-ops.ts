import type { OpId } from '@kitty/record'
import type { CloseIntent, CommitResult } from '@kitty/writer'
import { hasLiveOwner, recordPath } from '@kitty/writer/internals'
import { type CheckContext, defineFact } from '../check/check.js'
import { comingOps } from './coming-ops.js'
import { type DiffersFromHead, differsFromHead } from './differs-from-head.js'
import { type InterruptedClose, intentsOf, interruptedCloses } from './intents.js'
import { heldByLedger } from './own-ledger.js'
import { hasLedger } from './work-tree.js'

/** An Op whose close has begun and that is not committed. */
export type Pending = {
  readonly id: OpId
  /** Where its record is, or was; relative to the root, with `/`. */
  readonly path: string
  /**
   * `closed` on disk; `archived` before it was committed; `changed`: the file on disk is not the record that
   * was closed; `cut-off`: the close was never finished; `gone` from disk. All but the first two have an
   * intent that holds the closed record.
   */
  readonly state: 'closed' | 'archived' | 'changed' | 'cut-off' | 'gone'
  /** The ledger holds the record, and no attempt is left: a guard refused it, or it was closed for the ledger alone. */
  readonly isSettled?: true
  /** The tip of another branch has the record, and the history of HEAD has not: git is bringing it, or was interrupted. */
  readonly isComing?: true
  /** There is a ledger, and the last attempt did not add the record to it. */
  readonly lacksLedger?: true
  /** The result of the last attempt to commit it. */
  readonly reason?: Exclude<CommitResult, { status: 'committed' | 'skipped' }>
}

/** Whether a commit here is still to come. */
export const isToCommit = ({ isSettled, isComing }: Pending): boolean =>
  !(isSettled === true || isComing === true)

// `skipped` (for example: no repository yet) says nothing about now.
const reasonIn = (intent: CloseIntent | undefined): Pick<Pending, 'reason'> => {
  const result = intent?.result
  if (result === undefined || result.status === 'committed' || result.status === 'skipped')
    return {}
  return { reason: result }
}

const ledgerIn = (
  context: CheckContext,
  intent: CloseIntent | undefined,
): Pick<Pending, 'lacksLedger'> => {
  const last = intent?.result?.ledger
  // The other closed version that the ledger has stays there.
  const isDone = last?.status === 'committed' || last?.reason === 'closed-in-ledger'
  return intent === undefined || isDone || !hasLedger(context) ? {} : { lacksLedger: true }
}

const stateOf = (
  { id, path, bytes }: DiffersFromHead,
  intent: CloseIntent | undefined,
): Pending['state'] => {
  if (intent !== undefined && !intent.bytes.equals(bytes)) return 'changed'
  return path === recordPath(id) ? 'closed' : 'archived'
}

const STATES = { beginning: 'cut-off', nothing: 'gone', 'something-else': 'changed' } as const

const pendingFromInterrupted = ({ intent, path, onDisk }: InterruptedClose): Pending => ({
  id: intent.id,
  path,
  state: STATES[onDisk],
  ...reasonIn(intent),
})

/** Whether HEAD has no closed version of it; a closed version is never overwritten. */
const isPending = ({ inHead }: DiffersFromHead): boolean =>
  inHead === undefined || inHead.status === 'open' || inHead.status === 'unreadable'

/** Returns a test for Ops without an intent: whether the ledger holds the closed record, if there is a ledger. */
const settledTest = async (
  context: CheckContext,
  closed: readonly DiffersFromHead[],
): Promise<(id: OpId, bytes: Buffer) => boolean> =>
  hasLedger(context) && closed.length > 0 ? heldByLedger(context) : () => false

/** Every Op that is closed and not in HEAD, except those that a live process is closing. */
export const pendingOps = defineFact({
  needs: { differing: differsFromHead },
  value: async (_, { differing }, context): Promise<readonly Pending[]> => {
    const found = [differing(), interruptedCloses(context), intentsOf(context)] as const
    const [ops, cutOff, intents] = await Promise.all(found)
    const notInHead = ops.filter(isPending)
    const unknown = notInHead.filter(({ id }) => !intents.has(id))
    const isHeld = await settledTest(context, unknown)
    const coming = await comingOps(
      context.ops.root,
      unknown.filter(({ id, bytes }) => !isHeld(id, bytes)),
    )
    const closed = notInHead.flatMap((op): readonly Pending[] => {
      const { id, path, bytes } = op
      const intent = intents.get(id)
      if (intent !== undefined && hasLiveOwner(intent)) return []
      const isSettled = intent === undefined && isHeld(id, bytes)
      const state = stateOf(op, intent)
      const known = { ...reasonIn(intent), ...ledgerIn(context, intent) }
      const isComing = coming.has(id)
      return [
        {
          id,
          path,
          state,
          ...known,
          ...(isSettled && { isSettled }),
          ...(isComing && { isComing }),
        },
      ]
    })
    return [...closed, ...cutOff.map(pendingFromInterrupted)]
  },
})
