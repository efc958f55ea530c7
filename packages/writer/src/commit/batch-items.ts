import type { OpId } from '@kitty/record'
import type { CommitStrategy } from '../ports/commit-strategy.js'
import { archivedPath, recordPath } from '../project/paths.js'
import { type ClosedOpFile, hasRecord } from '../records/record-file.js'
import type { ExcludeLines } from '../state/exclude-lines.js'
import type { CloseIntent } from '../state/intent.js'
import { hasLiveOwner, hasUndeliveredResult, readIntent } from '../state/intent-store.js'
import { type Decision, decide, resultDecision, type VanishedLocation } from './commit-request.js'
import { commitFailed } from './deferred.js'

const NOWHERE: VanishedLocation = { kind: 'nowhere' }

const committedEarlier = (sha: string): VanishedLocation => ({
  kind: 'commit',
  result: {
    status: 'committed',
    sha,
    earlier: true,
    notes: ['A commit already contains the record; the file is not on disk here.'],
  },
})

/**
 * Searches commits for the records of these intents, which are all missing on disk. A record that a branch holds
 * which is not checked out must not be written and committed again.
 *
 * @throws what `findCommits` of the strategy's reader throws.
 */
export const locateVanished = async (
  root: string,
  strategy: CommitStrategy,
  intents: readonly CloseIntent[],
): Promise<ReadonlyMap<OpId, VanishedLocation>> => {
  if (intents.length === 0) return new Map()
  const records = intents.map(({ id, bytes }) => ({
    paths: [recordPath(id), archivedPath(id)],
    bytes,
  }))
  const shas = (await strategy.reader?.findCommits(root, records)) ?? []
  return new Map(
    intents.map(({ id }, number) => {
      const sha = shas[number]
      return [id, sha === undefined ? NOWHERE : committedEarlier(sha)]
    }),
  )
}

/** What one batch works on. */
export type BatchScope = {
  readonly root: string
  readonly state: string
  readonly strategy: CommitStrategy
  readonly commitOpsIndex: boolean | undefined
  readonly excludeLines: ExcludeLines
  /** The Ops whose intents are owned by this store. */
  readonly own: ReadonlySet<OpId>
  /** Those of them that are closed on disk and wait for their commit, with their records. */
  readonly closed: ReadonlyMap<OpId, ClosedOpFile>
  /** Try every pending Op, however many there are and even if none of the store's own can be committed. */
  readonly all: boolean
  /** Also commit Ops that were closed under another strategy. */
  readonly allStrategies: boolean
}

/** An intent, and what can be done with it now. */
export type BatchItem = readonly [intent: CloseIntent, decision: Decision]

/** An error about one Op must not fail the whole batch. */
const failedDecision = (error: unknown): Decision => resultDecision(commitFailed(error))

/** Reads the intents of a batch. Leaves out those with a result that their owner has yet to collect. */
const intentsFor = async (scope: BatchScope, ids: readonly OpId[]): Promise<CloseIntent[]> => {
  const found = await Promise.all(
    ids.map((id) => readIntent(scope.state, id).catch(() => undefined)),
  )
  return found.flatMap((intent) => {
    if (intent === undefined) return []
    return scope.own.has(intent.id) || !hasUndeliveredResult(intent) ? [intent] : []
  })
}

/** Whether the owner is still closing the Op: until it has finished, only the owner writes the record. */
const isBeingClosed = (scope: BatchScope, intent: CloseIntent): boolean =>
  !scope.closed.has(intent.id) && hasLiveOwner(intent)

/** Whether a record is on disk. True if that cannot be checked: reading it then reports the error. */
export const recordExists = (root: string, id: OpId): boolean => {
  try {
    return hasRecord(root, id)
  } catch {
    return true
  }
}

/** Reads the intents of these Ops and decides what to do with each. */
export const gatherItems = async (
  scope: BatchScope,
  ids: readonly OpId[],
  withAttributes: boolean,
): Promise<BatchItem[]> => {
  const intents = await intentsFor(scope, ids)
  const options = { ...scope, withAttributes }
  const beingClosed = new Set(intents.filter((intent) => isBeingClosed(scope, intent)))
  const others = intents.filter((intent) => !beingClosed.has(intent))
  const gone = new Set(others.filter(({ id }) => !recordExists(scope.root, id)))
  const vanished = locateVanished(scope.root, scope.strategy, [...gone])
  const decision = async (intent: CloseIntent): Promise<Decision> => {
    // Awaited per intent: a failed search for missing records must not affect the others.
    const location = gone.has(intent) ? (await vanished).get(intent.id) : undefined
    const closed = scope.closed.get(intent.id)
    return decide(intent, { hasLiveOwner: beingClosed.has(intent), location, closed }, options)
  }
  return Promise.all(
    intents.map(async (intent) => [intent, await decision(intent).catch(failedDecision)] as const),
  )
}
