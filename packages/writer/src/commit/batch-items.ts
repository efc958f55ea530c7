import { KittyError, type OpId } from '@kitty/record'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { archivedPath, recordPath } from '../project/paths.js'
import { hasRecord, type OpFile } from '../records/record-file.js'
import type { CloseIntent } from '../state/intent.js'
import { hasLiveOwner, hasUndeliveredResult, readIntent } from '../state/intent-store.js'
import { type Decision, decide, type VanishedLocation } from './commit-request.js'
import { batchFailed } from './deferred.js'

const inACommit = (sha: string): CommitResult => ({
  status: 'committed',
  sha,
  earlier: true,
  notes: ['A commit holds it already; its record is not on disk here.'],
})

/**
 * Where the records of these closes are, which are gone from disk. One that a branch holds which is no longer
 * checked out must not be written, and committed, once more.
 *
 * @throws what the strategy throws where it could not look.
 */
export const locateVanished = async (
  root: string,
  strategy: CommitStrategy,
  intents: readonly CloseIntent[],
): Promise<ReadonlyMap<OpId, VanishedLocation>> => {
  if (intents.length === 0) return new Map()
  const records = intents.map(({ invocation_id: id, bytes }) => ({
    paths: [recordPath(id), archivedPath(id)],
    bytes,
  }))
  const shas = (await strategy.findCommits?.(root, records)) ?? []
  return new Map(
    intents.map(({ invocation_id }, number) => {
      const sha = shas[number]
      return [invocation_id, sha === undefined ? 'nowhere' : inACommit(sha)]
    }),
  )
}

/** What one turn works on. */
export type BatchScope = {
  readonly root: string
  readonly state: string
  readonly strategy: CommitStrategy
  readonly commitOpsIndex: boolean
  /** The Ops whose marks are of closers in this very store. */
  readonly own: ReadonlySet<OpId>
  /** Those of them whose closers have done their part, and wait, with the records as closed. */
  readonly closed: ReadonlyMap<OpId, OpFile>
  /** Try all that are pending, however many there are and whatever becomes of ours. */
  readonly all: boolean
  /** Commit what other strategies left pending, too. */
  readonly allStrategies: boolean
}

/** A mark, and what can be done about it now. */
export type BatchItem = readonly [intent: CloseIntent, decision: Decision]

/** What stands in the way of one Op must not stand in the way of all. */
const failedDecision = (error: unknown): Decision => ({
  notNow:
    error instanceof KittyError
      ? { status: 'failed', code: error.code, message: error.message, hint: error.hint }
      : batchFailed(error),
})

/** The marks that a turn looks at; a result that somebody is about to take up is left to them. */
const intentsFor = async (scope: BatchScope, ids: readonly OpId[]): Promise<CloseIntent[]> => {
  const found = await Promise.all(
    ids.map((id) => readIntent(scope.state, id).catch(() => undefined)),
  )
  return found.flatMap((intent) => {
    if (intent === undefined) return []
    return scope.own.has(intent.invocation_id) || !hasUndeliveredResult(intent) ? [intent] : []
  })
}

/** While its closer lives and is not done, a record is the closer's to write. */
const isBeingClosed = (scope: BatchScope, intent: CloseIntent): boolean =>
  !scope.closed.has(intent.invocation_id) && hasLiveOwner(intent)

/** What cannot be looked at is told when it is read. */
export const recordExists = (root: string, id: OpId): boolean => {
  try {
    return hasRecord(root, id)
  } catch {
    return true
  }
}

/** Looks at the marks of some Ops. */
export const gatherItems = async (
  scope: BatchScope,
  ids: readonly OpId[],
  withAttributes: boolean,
): Promise<BatchItem[]> => {
  const intents = await intentsFor(scope, ids)
  const options = { ...scope, withAttributes }
  const beingClosed = new Set(intents.filter((intent) => isBeingClosed(scope, intent)))
  const others = intents.filter((intent) => !beingClosed.has(intent))
  const gone = new Set(others.filter(({ invocation_id: id }) => !recordExists(scope.root, id)))
  const vanished = locateVanished(scope.root, scope.strategy, [...gone])
  const decision = async (intent: CloseIntent): Promise<Decision> => {
    // Where git cannot tell of the one that is gone, the others are none the worse.
    const location = gone.has(intent) ? (await vanished).get(intent.invocation_id) : undefined
    const closed = scope.closed.get(intent.invocation_id)
    return decide(intent, { hasLiveOwner: beingClosed.has(intent), location, closed }, options)
  }
  return Promise.all(
    intents.map(async (intent) => [intent, await decision(intent).catch(failedDecision)] as const),
  )
}
