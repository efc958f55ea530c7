// Commits pending Ops as one batch: steps 3 and 8 of a close. The numbers are those of the table in
// docs/durability.md.
//
//   3  gather the intents, finish step 2 of those with a dead owner,     commit/batch-items.ts
//      and turn each into a request or a reason to wait                  commit/commit-request.ts
//   4–7  the strategy commits the requests                               ports/commit-strategy.ts
//   8  deliver each result: remove the intent of a committed Op, leave the others pending with the reason
//
// A crash after 3 leaves a commit lock with a dead owner; the next process that wants the lock clears it. A crash
// before 8 leaves intents of committed Ops; the next batch gets `committed` with `earlier: true` for them.
//
// Limits: the caller must hold the commit lock of the work tree, so batches never overlap, not even between processes.
// With more than 64 intents, a batch reads those of other closers only if one of its own was committed: a protected
// branch with thousands of pending Ops costs a completion nothing. A strategy that throws or returns too few results
// never loses an Op: each gets `failed` with STRATEGY_BROKEN and stays pending.

import type { OpId } from '@kitty/record'
import { type CommitResult, requestPaths } from '../ports/commit-strategy.js'
import { ATTRIBUTES_PATH } from '../project/paths.js'
import { isSameStrategy } from '../state/intent.js'
import { listIntents } from '../state/intent-store.js'
import { deliverResult, isFinal } from '../state/settle-intent.js'
import { alsoInLedger } from './also-in-ledger.js'
import { ensureAttributes, NO_ATTRIBUTES } from './attributes.js'
import { type BatchItem, type BatchScope, gatherItems, recordExists } from './batch-items.js'
import { callStrategy } from './call-strategy.js'
import type { Decision } from './commit-request.js'

/** With more pending Ops than this, the others are tried only if one of the store's own was committed. */
const MAX_EAGER_BATCH = 64

export type BatchResults = ReadonlyMap<OpId, CommitResult>

/**
 * Commits all pending Ops that can be committed now, in one batch. Caller must hold the commit lock.
 * With more than `MAX_EAGER_BATCH` pending Ops (for example on a protected branch), the intents of other
 * closers are not read until one of the store's own Ops was committed: a lasting obstacle is checked only once.
 */
export const commitBatch = async (scope: BatchScope): Promise<BatchResults> => {
  const ids = await listIntents(scope.state)
  if (scope.all || ids.length <= MAX_EAGER_BATCH) return commitOwnIntents(scope, ids)
  const ownIds = ids.filter((id) => scope.own.has(id))
  const results = await commitOwnIntents(scope, ownIds)
  if (![...results.values()].some(({ status }) => status === 'committed')) return results
  const others = ids.filter((id) => !scope.own.has(id))
  return new Map([...results, ...(await commitIntents(scope, others))])
}

/** Commits these Ops. Retries waiting Ops once if their record disappeared: `complete` promises that it is on disk. */
const commitOwnIntents = async (scope: BatchScope, ids: readonly OpId[]): Promise<BatchResults> => {
  const results = await commitIntents(scope, ids)
  const vanished = [...results].filter(
    ([id, { status }]) =>
      status !== 'committed' && scope.closed.has(id) && !recordExists(scope.root, id),
  )
  if (vanished.length === 0) return results
  return new Map([
    ...results,
    ...(await commitIntents(
      scope,
      vanished.map(([id]) => id),
    )),
  ])
}

const commitIntents = async (scope: BatchScope, ids: readonly OpId[]): Promise<BatchResults> => {
  const { root, state, strategy, allStrategies, own } = scope
  const attributes = strategy.home === 'ref' ? NO_ATTRIBUTES : await ensureAttributes(root, state)
  // Interrupted closes are replayed under any strategy; only matching intents are committed.
  const found = await gatherItems(scope, ids, attributes.wanted)
  const selected = found.filter(([intent]) => allStrategies || isSameStrategy(strategy, intent))
  const { results, hasAttributes } = await askForCommits(scope, selected)
  const deliveries = [...results].map(([id, result]) =>
    deliverResult(state, id, result, own.has(id)),
  )
  // A result stays valid if its intent cannot be updated: the next batch gets the same result.
  await Promise.allSettled([attributes.confirm(hasAttributes), ...deliveries])
  return results
}

type BatchAnswers = {
  readonly results: Map<OpId, CommitResult>
  /** Whether the attributes are committed now. */
  readonly hasAttributes: boolean
}

type ReadyDecision = Extract<Decision, { kind: 'request' }>

const askForCommits = async (
  scope: BatchScope,
  selected: readonly BatchItem[],
): Promise<BatchAnswers> => {
  const elsewhere = selected.flatMap(([intent, decision]) =>
    decision.kind === 'elsewhere' ? [{ intent, result: decision.result }] : [],
  )
  const results = new Map(await alsoInLedger(scope, elsewhere))
  const ready = new Map<OpId, ReadyDecision>()
  for (const [{ id }, decision] of selected) {
    if (decision.kind === 'request') ready.set(id, decision)
    else if (decision.kind === 'result') results.set(id, decision.result)
  }
  const requests = [...ready.values()].map(({ request }) => request)
  const index = scope.commitOpsIndex === true ? 'show' : 'hide'
  const isIndexed = ready.size > 0 && scope.strategy.home !== 'ref'
  const wanted = [...ready.keys(), ...settledIn(results)]
  const areShown = await scope.excludeLines.show(wanted, isIndexed ? index : undefined)
  const returned = await callStrategy(scope.strategy, scope.root, requests)
  let hasAttributes = false
  for (const [number, [id, { request, missing }]] of [...ready].entries()) {
    const result = returned[number]
    if (result === undefined) continue
    results.set(id, withMissing(result, missing))
    hasAttributes ||= isNewCommit(result) && requestPaths(request).write.includes(ATTRIBUTES_PATH)
  }
  await scope.excludeLines.hide([...ready.keys()].filter((id) => staysHidden(results.get(id))))
  if (!areShown) await scope.excludeLines.show(settledIn(results))
  return { results, hasAttributes }
}

/** The Ops that no line may hide any more. */
const settledIn = (results: BatchResults): readonly OpId[] =>
  [...results].flatMap(([id, result]) => (isFinal(result) && !staysHidden(result) ? [id] : []))

/** Whether HEAD does not hold the record, but an intent or the ledger holds its bytes. */
const staysHidden = (result: CommitResult | undefined): boolean => {
  if (result === undefined || result.status === 'skipped' || result.status === 'committed')
    return false
  return !isFinal(result) || result.ledger?.status === 'committed'
}

const isNewCommit = (result: CommitResult): boolean =>
  result.status === 'committed' && result.earlier !== true

/** Adds a note to a result for each file that was missing. */
const withMissing = (result: CommitResult, missing: readonly string[]): CommitResult => {
  if (result.status !== 'committed' || missing.length === 0) return result
  const notes = missing.map((path) => `${path} was left out: the file no longer exists.`)
  return { ...result, notes: [...(result.notes ?? []), ...notes] }
}
