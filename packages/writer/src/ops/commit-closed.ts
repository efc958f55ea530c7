import { setTimeout as sleep } from 'node:timers/promises'
import type { OpId } from '@kitty/record'
import { evidencePaths } from '../content/evidence-paths.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import type { OpFile } from '../records/record-file.js'
import { type CloseIntent, isSameStrategy, newIntent, withPreviousOwner } from '../state/intent.js'
import {
  createIntent,
  hasLiveOwner,
  readIntent,
  replaceIntent,
  syncIntent,
} from '../state/intent-store.js'
import type { StoreContext } from './context.js'

const stillBusy: CommitResult = {
  status: 'deferred',
  reason: 'lock-timeout',
  message: 'Another process is still waiting for this Op to be committed.',
}

const notClosed: CommitResult = {
  status: 'refused',
  code: 'OPEN_RECORD',
  message: 'The record is not closed; only closed Ops are committed.',
}

const otherStrategy = ({ strategy }: CloseIntent): CommitResult => ({
  status: 'deferred',
  reason: 'other-strategy',
  message: `The Op was closed under the commit strategy "${strategy}", which differs from the current one in name or options.`,
  hint: 'Flush the store with that strategy, or flush it with `allStrategies` set.',
})

/** Creates an intent owned by this process, or takes over one. Returns `busy` if its owner is alive. */
const claimIntent = async (
  ctx: StoreContext,
  id: OpId,
  file: OpFile,
): Promise<'taken' | 'busy' | CommitResult> => {
  const intent = await readIntent(ctx.state, id)
  if (intent === undefined) {
    const own = newIntent(ctx, id, file.bytes, evidencePaths(id, file.record))
    if (!(await createIntent(ctx.state, own))) return 'busy'
    await syncIntent(ctx.state, own)
    return 'taken'
  }
  if (hasLiveOwner(intent)) return 'busy'
  if (!isSameStrategy(ctx.strategy, intent)) return otherStrategy(intent)
  // The result of the last attempt is dropped: it would be mistaken for this one's.
  const { result: _, ...rest } = withPreviousOwner(intent)
  const { owner, ownedSince } = newIntent(ctx, id, file.bytes, intent.evidence)
  await replaceIntent(ctx.state, { ...rest, owner, ownedSince })
  return 'taken'
}

/** One attempt. Returns `undefined` if another closer owns the intent, or has just settled it. */
const tryToCommit = async (
  ctx: StoreContext,
  id: OpId,
  file: OpFile,
): Promise<CommitResult | undefined> => {
  const ticket = ctx.queue.reserve(id)
  if (ticket === undefined) return undefined
  let taken: Awaited<ReturnType<typeof claimIntent>> = 'busy'
  try {
    taken = await claimIntent(ctx, id, file)
  } finally {
    if (taken !== 'taken') ticket.cancel()
  }
  if (taken === 'busy') return undefined
  if (taken !== 'taken') return taken
  ctx.queue.enqueue(id, file)
  return ticket.result
}

/**
 * Commits an Op that is closed on disk, even if it has no intent. If HEAD already holds the record, the result
 * names that commit.
 */
export const commitClosed = async (ctx: StoreContext, file: OpFile): Promise<CommitResult> => {
  const id = file.record.invocation_id
  if (id === undefined || file.record.status !== 'closed') return notClosed
  await ctx.stateFolder.ensure()
  const deadline = Date.now() + ctx.lockTimeoutMs
  for (;;) {
    const result = await tryToCommit(ctx, id, file)
    if (result !== undefined) return result
    if (Date.now() >= deadline) return stillBusy
    await sleep(20)
  }
}
