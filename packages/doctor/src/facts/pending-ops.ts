import type { OpId } from '@kitty/record'
import type { CloseIntent, CommitResult } from '@kitty/writer'
import { hasLiveOwner, recordPath } from '@kitty/writer/internals'
import { memoized } from '../check/memo.js'
import { type DiffersFromHead, differsFromHead } from './differs-from-head.js'
import { type InterruptedClose, intentsOf, interruptedCloses } from './intents.js'

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
  /** The result of the last attempt to commit it. */
  readonly reason?: Exclude<CommitResult, { status: 'committed' | 'skipped' }>
}

// `skipped` (for example: no repository yet) says nothing about now.
const reasonIn = (intent: CloseIntent | undefined): Pick<Pending, 'reason'> => {
  const result = intent?.result
  if (result === undefined || result.status === 'committed' || result.status === 'skipped')
    return {}
  return { reason: result }
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
  id: intent.invocation_id,
  path,
  state: STATES[onDisk],
  ...reasonIn(intent),
})

/** Whether HEAD has no closed version of it; a closed version is never overwritten. */
const isPending = ({ inHead }: DiffersFromHead): boolean =>
  inHead === undefined || inHead.status === 'open' || inHead.status === 'unreadable'

/** Every Op that is closed and not in HEAD, except those that a live process is closing. */
export const pendingOps = memoized(async (context): Promise<readonly Pending[]> => {
  const [unlike, cutOff, intents] = await Promise.all([
    differsFromHead(context),
    interruptedCloses(context),
    intentsOf(context),
  ])
  const closed = unlike.filter(isPending).flatMap((op): readonly Pending[] => {
    const intent = intents.get(op.id)
    if (intent !== undefined && hasLiveOwner(intent)) return []
    return [{ id: op.id, path: op.path, state: stateOf(op, intent), ...reasonIn(intent) }]
  })
  return [...closed, ...cutOff.map(pendingFromInterrupted)]
})
