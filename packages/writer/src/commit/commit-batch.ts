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
import type { CommitRequest, CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { ATTRIBUTES_PATH } from '../project/paths.js'
import { isSameStrategy } from '../state/intent.js'
import { listIntents } from '../state/intent-store.js'
import { deliverResult } from '../state/settle-intent.js'
import { ensureAttributes } from './attributes.js'
import { type BatchItem, type BatchScope, gatherItems, recordExists } from './batch-items.js'
import type { Decision } from './commit-request.js'

const STATUSES: ReadonlySet<unknown> = new Set([
  'committed',
  'deferred',
  'refused',
  'skipped',
  'failed',
])

/** Above this many pending Ops, the others are only tried when ours could be committed. */
const MAX_EAGER_BATCH = 64

export type BatchResults = ReadonlyMap<OpId, CommitResult>

/**
 * Commits what is pending and may be committed now, in one group. The caller holds the commit lock.
 * With very many pending (a protected branch, say) the others are not even read unless one of ours
 * could be committed: reasons that last are looked at once for all.
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

/** Whoever waits is told that the record is on disk: one that was cleaned away just now is tried once more. */
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
  const attributes = await ensureAttributes(root, state)
  // A close that was cut off is finished whatever strategy it was to be committed with.
  const found = await gatherItems(scope, ids, attributes.wanted)
  const asked = found.filter(([intent]) => allStrategies || isSameStrategy(strategy, intent))
  const { results, hasAttributes } = await askForCommits(scope, asked)
  const left = [...results].map(([id, result]) => deliverResult(state, id, result, own.has(id)))
  // A result stands also where its mark cannot be written: the next turn finds out the same.
  await Promise.allSettled([attributes.confirm(hasAttributes), ...left])
  return results
}

type BatchAnswers = {
  readonly results: Map<OpId, CommitResult>
  /** Whether the attributes are in a commit now. */
  readonly hasAttributes: boolean
}

type ReadyDecision = Extract<Decision, { request: CommitRequest }>

const askForCommits = async (
  scope: BatchScope,
  asked: readonly BatchItem[],
): Promise<BatchAnswers> => {
  const results = new Map<OpId, CommitResult>()
  const ready = new Map<OpId, ReadyDecision>()
  for (const [{ invocation_id }, decision] of asked) {
    if ('request' in decision) ready.set(invocation_id, decision)
    else if (decision.notNow !== 'busy') results.set(invocation_id, decision.notNow)
  }
  const requests = [...ready.values()].map(({ request }) => request)
  const given = await callStrategy(scope.strategy, requests)
  let hasAttributes = false
  for (const [number, [id, { request, missing }]] of [...ready].entries()) {
    const result = given[number]
    if (result === undefined) continue
    results.set(id, withMissing(result, missing))
    hasAttributes ||= isNewCommit(result) && request.write.includes(ATTRIBUTES_PATH)
  }
  return { results, hasAttributes }
}

const isNewCommit = (result: CommitResult): boolean =>
  result.status === 'committed' && result.earlier !== true

/** A result that tells also of what was not there any more. */
const withMissing = (result: CommitResult, missing: readonly string[]): CommitResult => {
  if (result.status !== 'committed' || missing.length === 0) return result
  const notes = missing.map((path) => `${path} was left out: there is no such file any more.`)
  return { ...result, notes: [...(result.notes ?? []), ...notes] }
}

/** Asks a strategy, and holds it to one answer for each request. Never throws. */
export const callStrategy = async (
  strategy: CommitStrategy,
  requests: readonly CommitRequest[],
): Promise<readonly CommitResult[]> => {
  if (requests.length === 0) return []
  const forAll = (what: string) => requests.map(() => contractViolation(strategy.name, what))
  try {
    const results = await strategy.commit(requests)
    if (results.length !== requests.length) {
      return forAll(`gave ${results.length} results for ${requests.length} requests`)
    }
    return results.map((result) =>
      STATUSES.has(result?.status)
        ? result
        : contractViolation(strategy.name, 'gave a result without status'),
    )
  } catch (error) {
    return forAll(`threw: ${String(error)}`)
  }
}

const contractViolation = (name: string, what: string): CommitResult => ({
  status: 'failed',
  code: 'STRATEGY_BROKEN',
  message: `The strategy "${name}" ${what}.`,
  hint: 'This is a bug in the commit strategy. The Ops stay pending.',
})
