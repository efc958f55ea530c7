import type { OpId } from '@kitty/record'
import { type CloseIntent, type CommitResult, hasLiveOwner, recordPath } from '@kitty/writer'
import { memoized } from '../check/memo.js'
import { type UnlikeHead, unlikeHead } from './differs-from-head.js'
import { marksOf } from './intents.js'
import { type Unfinished, unfinished } from './interrupted.js'

/** An Op whose close has begun, and that is in no commit. */
export type Pending = {
  readonly id: OpId
  /** Where its record is, or was; relative to the root, with `/`. */
  readonly path: string
  /**
   * `closed` on disk; `archived` before it was committed; `changed`: what is on disk is not what was
   * closed; `cut-off`: the close was never finished; `gone` from disk. All but the first two have a
   * mark that holds the closed record.
   */
  readonly state: 'closed' | 'archived' | 'changed' | 'cut-off' | 'gone'
  /** What the last try to commit it came to. */
  readonly reason?: Exclude<CommitResult, { status: 'committed' | 'skipped' }>
}

// That something was skipped, for want of a repository say, tells nothing about now.
const reasonIn = (mark: CloseIntent | undefined): Pick<Pending, 'reason'> => {
  const result = mark?.result
  if (result === undefined || result.status === 'committed' || result.status === 'skipped')
    return {}
  return { reason: result }
}

const stateOf = (
  { id, path, bytes }: UnlikeHead,
  mark: CloseIntent | undefined,
): Pending['state'] => {
  if (mark !== undefined && !mark.bytes.equals(bytes)) return 'changed'
  return path === recordPath(id) ? 'closed' : 'archived'
}

const STATES = { beginning: 'cut-off', nothing: 'gone', 'something-else': 'changed' } as const

const ofUnfinished = ({ mark, path, onDisk }: Unfinished): Pending => ({
  id: mark.invocation_id,
  path,
  state: STATES[onDisk],
  ...reasonIn(mark),
})

/** HEAD's version is neither what was closed nor another closed one, which nobody may overwrite. */
const isPending = ({ inHead }: UnlikeHead): boolean =>
  inHead === undefined || inHead.status === 'open' || inHead.status === 'unreadable'

/** Every Op that is closed and not in HEAD, but for those whose closer is at work. */
export const pendingOps = memoized(async (context): Promise<readonly Pending[]> => {
  const [unlike, cutOff, marks] = await Promise.all([
    unlikeHead(context),
    unfinished(context),
    marksOf(context),
  ])
  const closed = unlike.filter(isPending).flatMap((op): readonly Pending[] => {
    const mark = marks.get(op.id)
    if (mark !== undefined && hasLiveOwner(mark)) return []
    return [{ id: op.id, path: op.path, state: stateOf(op, mark), ...reasonIn(mark) }]
  })
  return [...closed, ...cutOff.map(ofUnfinished)]
})
