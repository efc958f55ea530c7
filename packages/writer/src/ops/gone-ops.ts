// Ops whose work tree is gone. They belong to no branch any more: their branch may be checked out elsewhere, or deleted.
// So they are closed and committed in the ledger, the home outside every branch, and no record is written to a disk.
// Their state stays where it is, in the common git directory; the intent of a close is created there.
//
// A crash leaves an intent in that state, as in any other close. The next `commitGoneOps` adds it to the ledger.

import type { OpId } from '@kitty/record'
import { fileOf, ledgerRequest } from '../commit/also-in-ledger.js'
import { callStrategy } from '../commit/call-strategy.js'
import { commitLock } from '../commit/commit-lock.js'
import { lockTimeout } from '../commit/deferred.js'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { type ClosedOpFile, isClosedFile } from '../records/record-file.js'
import { type CloseIntent, newIntent } from '../state/intent.js'
import { createSyncedIntent, hasLiveOwner, listIntents, readIntent } from '../state/intent-store.js'
import { isFinal, settleIntent } from '../state/settle-intent.js'
import { readStartNote } from '../state/start-notes.js'
import { type KnownRoot, knownWorkTrees } from '../state/work-trees.js'
import type { Closing } from './closing.js'
import { closingLines, missingTail } from './closing-lines.js'
import type { StoreContext } from './context.js'
import { AlreadyClosedError, closeInProgress, recordDamaged } from './errors.js'

/** The strategy that keeps Ops outside every branch: the one given, or its second home. `undefined` if there is none. */
export const ledgerOf = (strategy: CommitStrategy): CommitStrategy | undefined =>
  strategy.home === 'ref' ? strategy : strategy.ledger

const goneRoots = async (root: string): Promise<readonly KnownRoot[]> => {
  const trees = await knownWorkTrees(root)
  return trees.flatMap(({ status, roots }) => (status === 'gone' ? roots : []))
}

/** Adds the Ops of these intents to the ledger, and settles the intents. Caller must hold the lock of their state. */
const addToLedger = async (
  ctx: StoreContext,
  ledger: CommitStrategy,
  { dir }: KnownRoot,
  intents: readonly CloseIntent[],
): Promise<ReadonlyMap<OpId, CommitResult>> => {
  const closed = intents.flatMap((intent) => {
    const file = fileOf(intent.id, intent.bytes)
    return isClosedFile(file) ? [{ intent, request: ledgerRequest(ctx.root, intent, file) }] : []
  })
  const returned = await callStrategy(
    ledger,
    ctx.root,
    closed.map(({ request }) => request),
  )
  const results = new Map<OpId, CommitResult>()
  for (const [number, { intent }] of closed.entries()) {
    const result = returned[number]
    if (result === undefined) continue
    results.set(intent.id, result)
    // If the intent cannot be settled, the next attempt gets the same result.
    await settleIntent(dir, intent, result).catch(() => undefined)
  }
  await ctx.excludeLines.show([...results].flatMap(([id, each]) => (isFinal(each) ? [id] : [])))
  return results
}

/** Adds pending Ops of one root to the ledger: all that no living process works on, or one that this process closes. */
const commitRoot = async (
  ctx: StoreContext,
  ledger: CommitStrategy,
  from: KnownRoot,
  own?: OpId,
): Promise<ReadonlyMap<OpId, CommitResult>> => {
  const ids = own === undefined ? await listIntents(from.dir) : [own]
  if (ids.length === 0) return new Map()
  const lock = commitLock(() => from.lockDir, ctx.lockTimeoutMs)
  const done = await lock.tryWithLock(async () => {
    const read = await Promise.all(ids.map((id) => readIntent(from.dir, id).catch(() => undefined)))
    const free = read.filter((intent) => intent !== undefined)
    return addToLedger(
      ctx,
      ledger,
      from,
      free.filter((intent) => intent.id === own || !hasLiveOwner(intent)),
    )
  })
  return done.ok ? done.value : new Map(ids.map((id) => [id, lockTimeout]))
}

/**
 * Adds the pending Ops of all work trees that are gone to the ledger, and settles them. Returns the result of each;
 * none without a ledger. Throws what reading the state throws.
 */
export const commitGoneOps = async (
  ctx: StoreContext,
): Promise<ReadonlyMap<OpId, CommitResult>> => {
  const ledger = ledgerOf(ctx.strategy)
  const results = new Map<OpId, CommitResult>()
  if (ledger === undefined) return results
  for (const from of await goneRoots(ctx.root)) {
    for (const [id, result] of await commitRoot(ctx, ledger, from)) results.set(id, result)
  }
  return results
}

/** A close in the ledger: the closed record, which is in no file, and the result. */
export type GoneClose = {
  readonly file: ClosedOpFile
  readonly commit: CommitResult
  readonly redacted: number
}

const closeIn = async (
  ctx: StoreContext,
  ledger: CommitStrategy,
  { from, id, line }: { readonly from: KnownRoot; readonly id: OpId; readonly line: string },
  closing: Closing,
): Promise<GoneClose> => {
  const open = fileOf(id, Buffer.from(line))
  const { started } = open.record
  if (started === undefined) throw recordDamaged(open)
  const lines = await closingLines(ctx, started, closing)
  const file = fileOf(id, Buffer.concat([open.bytes, missingTail(open.bytes, lines.text)]))
  if (!isClosedFile(file)) throw recordDamaged(open, 'is too large or has too many problems')
  const intent = newIntent({ ...ctx, strategy: ledger }, id, file.bytes, lines.evidence)
  if (!(await createSyncedIntent(from.dir, intent))) throw closeInProgress(id)
  const commit = (await commitRoot(ctx, ledger, from, id)).get(id) ?? lockTimeout
  // Otherwise the Op would wait for this process to end.
  if (commit === lockTimeout) await settleIntent(from.dir, intent, commit).catch(() => undefined)
  return { file, commit, redacted: lines.redacted }
}

/**
 * Closes an Op of a work tree that is gone, in the ledger. Returns `undefined` if there is no ledger, or no such work
 * tree has the Op. Throws `ALREADY_CLOSED` (after an attempt at the pending commit), `CLOSE_IN_PROGRESS`, and what a
 * close throws.
 */
export const closeGoneOp = async (
  ctx: StoreContext,
  id: OpId,
  closing: Closing,
): Promise<GoneClose | undefined> => {
  const ledger = ledgerOf(ctx.strategy)
  if (ledger === undefined) return undefined
  for (const from of await goneRoots(ctx.root)) {
    const intent = await readIntent(from.dir, id)
    if (intent !== undefined) {
      if (hasLiveOwner(intent)) throw closeInProgress(id)
      const commit = (await commitRoot(ctx, ledger, from, id)).get(id) ?? lockTimeout
      const file = fileOf(id, intent.bytes)
      throw isClosedFile(file) ? new AlreadyClosedError(file, commit) : recordDamaged(file)
    }
    const note = await readStartNote(from.dir, id)
    if (note !== undefined) return closeIn(ctx, ledger, { from, id, line: note.line }, closing)
  }
  return undefined
}
