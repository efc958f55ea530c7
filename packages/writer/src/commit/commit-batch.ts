import type { OpId } from '@kitty/record'
import type { CommitRequest, CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { ATTRIBUTES_PATH } from '../project/paths.js'
import { isSameStrategy } from '../state/intent.js'
import { listIntents } from '../state/intent-store.js'
import { deliverResult } from '../state/settle-intent.js'
import { offerAttributes } from './attributes.js'
import { type Candidate, candidates, isOnDisk, type TurnScope } from './batch-items.js'
import type { Prospect } from './commit-request.js'

const STATUSES: ReadonlySet<unknown> = new Set([
  'committed',
  'deferred',
  'refused',
  'skipped',
  'failed',
])

/** Above this many pending Ops, the others are only tried when ours could be committed. */
const EAGER = 64

export type TurnResults = ReadonlyMap<OpId, CommitResult>

/**
 * Commits what is pending and may be committed now, in one group. The caller holds the commit lock.
 * With very many pending (a protected branch, say) the others are not even read unless one of ours
 * could be committed: reasons that last are looked at once for all.
 */
export const takeTurn = async (scope: TurnScope): Promise<TurnResults> => {
  const ids = await listIntents(scope.state)
  if (scope.all || ids.length <= EAGER) return commitOurs(scope, ids)
  const mine = ids.filter((id) => scope.ours.has(id))
  const results = await commitOurs(scope, mine)
  if (![...results.values()].some(({ status }) => status === 'committed')) return results
  const others = ids.filter((id) => !scope.ours.has(id))
  return new Map([...results, ...(await commitThese(scope, others))])
}

/** Whoever waits is told that the record is on disk: one that was cleaned away just now is tried once more. */
const commitOurs = async (scope: TurnScope, ids: readonly OpId[]): Promise<TurnResults> => {
  const results = await commitThese(scope, ids)
  const vanished = [...results].filter(
    ([id, { status }]) =>
      status !== 'committed' && scope.closed.has(id) && !isOnDisk(scope.root, id),
  )
  if (vanished.length === 0) return results
  return new Map([
    ...results,
    ...(await commitThese(
      scope,
      vanished.map(([id]) => id),
    )),
  ])
}

const commitThese = async (scope: TurnScope, ids: readonly OpId[]): Promise<TurnResults> => {
  const { root, state, strategy, anyStrategy, ours } = scope
  const attributes = await offerAttributes(root, state)
  // A close that was cut off is finished whatever strategy it was to be committed with.
  const found = await candidates(scope, ids, attributes.wanted)
  const asked = found.filter(([intent]) => anyStrategy || isSameStrategy(strategy, intent))
  const { results, hasAttributes } = await answers(scope, asked)
  const left = [...results].map(([id, result]) => deliverResult(state, id, result, ours.has(id)))
  // A result stands also where its mark cannot be written: the next turn finds out the same.
  await Promise.allSettled([attributes.settle(hasAttributes), ...left])
  return results
}

type Answers = {
  readonly results: Map<OpId, CommitResult>
  /** Whether the attributes are in a commit now. */
  readonly hasAttributes: boolean
}

type Ready = Extract<Prospect, { request: CommitRequest }>

const answers = async (scope: TurnScope, asked: readonly Candidate[]): Promise<Answers> => {
  const results = new Map<OpId, CommitResult>()
  const ready = new Map<OpId, Ready>()
  for (const [{ invocation_id }, prospect] of asked) {
    if ('request' in prospect) ready.set(invocation_id, prospect)
    else if (prospect.left !== 'busy') results.set(invocation_id, prospect.left)
  }
  const requests = [...ready.values()].map(({ request }) => request)
  const given = await askStrategy(scope.strategy, requests)
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
export const askStrategy = async (
  strategy: CommitStrategy,
  requests: readonly CommitRequest[],
): Promise<readonly CommitResult[]> => {
  if (requests.length === 0) return []
  const forAll = (what: string) => requests.map(() => broken(strategy.name, what))
  try {
    const results = await strategy.commit(requests)
    if (results.length !== requests.length) {
      return forAll(`gave ${results.length} results for ${requests.length} requests`)
    }
    return results.map((result) =>
      STATUSES.has(result?.status) ? result : broken(strategy.name, 'gave a result without status'),
    )
  } catch (error) {
    return forAll(`threw: ${String(error)}`)
  }
}

const broken = (name: string, what: string): CommitResult => ({
  status: 'failed',
  code: 'STRATEGY_BROKEN',
  message: `The strategy "${name}" ${what}.`,
  hint: 'This is a bug in the commit strategy. The Ops stay pending.',
})
