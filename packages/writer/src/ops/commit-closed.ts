import { setTimeout as sleep } from 'node:timers/promises'
import type { OpId } from '@kitty/record'
import { evidencePaths } from '../content/evidence-paths.js'
import { selfOwner } from '../lock/owner.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import { type ClosedOpFile, isClosedFile, type OpFile } from '../records/record-file.js'
import { type CloseIntent, isSameStrategy, newIntent, withPreviousOwner } from '../state/intent.js'
import {
  createSyncedIntent,
  hasLiveOwner,
  readIntent,
  replaceIntent,
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

/** The other program that closes Ops there commits that file itself. */
const closedBeside: CommitResult = { status: 'skipped', reason: 'closed-beside' }

const otherStrategy = ({ strategy }: CloseIntent): CommitResult => ({
  status: 'deferred',
  reason: 'other-strategy',
  message: `The Op was closed under the commit strategy "${strategy}", which differs from the current one in name or options.`,
  hint: 'Flush the store with that strategy, or flush it with `allStrategies` set.',
})

/** Whether this process owns the intent now. If not, its owner is alive (`busy`), or there is a result already. */
type Claim =
  | { readonly kind: 'claimed' | 'busy' }
  | { readonly kind: 'result'; readonly result: CommitResult }

/** Creates an intent owned by this process, or takes over one. */
const claimIntent = async (ctx: StoreContext, id: OpId, file: ClosedOpFile): Promise<Claim> => {
  const intent = await readIntent(ctx.state, id)
  if (intent === undefined) {
    const own = newIntent(ctx, id, file.bytes, evidencePaths(id, file.record))
    return { kind: (await createSyncedIntent(ctx.state, own)) ? 'claimed' : 'busy' }
  }
  if (hasLiveOwner(intent)) return { kind: 'busy' }
  if (!isSameStrategy(ctx.strategy, intent))
    return { kind: 'result', result: otherStrategy(intent) }
  // The result of the last attempt is dropped: it would be mistaken for this one's.
  const { result: _, ...rest } = withPreviousOwner(intent)
  await replaceIntent(ctx.state, { ...rest, owner: selfOwner(), ownedSince: Date.now() })
  return { kind: 'claimed' }
}

/** One attempt. Returns `undefined` if another closer owns the intent, or has just settled it. */
const tryToCommit = async (
  ctx: StoreContext,
  id: OpId,
  file: ClosedOpFile,
): Promise<CommitResult | undefined> => {
  const ticket = ctx.queue.reserve(id)
  if (ticket === undefined) return undefined
  let claim: Claim = { kind: 'busy' }
  try {
    claim = await claimIntent(ctx, id, file)
  } finally {
    if (claim.kind !== 'claimed') ticket.cancel()
  }
  if (claim.kind === 'busy') return undefined
  if (claim.kind === 'result') return claim.result
  ctx.queue.enqueue(id, file)
  return ticket.result
}

/**
 * Commits an Op that is closed on disk, even if it has no intent. If HEAD already holds the record, the result
 * names that commit.
 */
export const commitClosed = async (ctx: StoreContext, file: OpFile): Promise<CommitResult> => {
  if (!isClosedFile(file)) return notClosed
  if (file.record.beside) return closedBeside
  const id = file.record.invocation_id
  await ctx.stateFolder.ensure()
  const deadline = Date.now() + ctx.lockTimeoutMs
  for (;;) {
    const result = await tryToCommit(ctx, id, file)
    if (result !== undefined) return result
    if (Date.now() >= deadline) return stillBusy
    await sleep(20)
  }
}
