import { KittyError, type OpId } from '@kitty/record'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { archivedPath, recordPath } from '../project/paths.js'
import { hasRecord, type OpFile } from '../records/record-file.js'
import type { CloseIntent } from '../state/intent.js'
import { hasLiveOwner, hasUndeliveredResult, readIntent } from '../state/intent-store.js'
import { type Prospect, prospectOf, type Whereabouts } from './commit-request.js'
import { turnFailed } from './deferred.js'

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
export const findVanished = async (
  root: string,
  strategy: CommitStrategy,
  intents: readonly CloseIntent[],
): Promise<ReadonlyMap<OpId, Whereabouts>> => {
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
export type TurnScope = {
  readonly root: string
  readonly state: string
  readonly strategy: CommitStrategy
  readonly commitIndex: boolean
  /** The Ops whose marks are of closers in this very store. */
  readonly ours: ReadonlySet<OpId>
  /** Those of them whose closers have done their part, and wait, with the records as closed. */
  readonly closed: ReadonlyMap<OpId, OpFile>
  /** Try all that are pending, however many there are and whatever becomes of ours. */
  readonly all: boolean
  /** Commit what other strategies left pending, too. */
  readonly anyStrategy: boolean
}

/** A mark, and what can be done about it now. */
export type Candidate = readonly [mark: CloseIntent, prospect: Prospect]

/** What stands in the way of one Op must not stand in the way of all. */
const spoilt = (error: unknown): Prospect => ({
  left:
    error instanceof KittyError
      ? { status: 'failed', code: error.code, message: error.message, hint: error.hint }
      : turnFailed(error),
})

/** The marks that a turn looks at; a result that somebody is about to take up is left to them. */
const intentsFor = async (scope: TurnScope, ids: readonly OpId[]): Promise<CloseIntent[]> => {
  const found = await Promise.all(
    ids.map((id) => readIntent(scope.state, id).catch(() => undefined)),
  )
  return found.flatMap((intent) => {
    if (intent === undefined) return []
    return scope.ours.has(intent.invocation_id) || !hasUndeliveredResult(intent) ? [intent] : []
  })
}

/** While its closer lives and is not done, a record is the closer's to write. */
const isBeingClosed = (scope: TurnScope, intent: CloseIntent): boolean =>
  !scope.closed.has(intent.invocation_id) && hasLiveOwner(intent)

/** What cannot be looked at is told when it is read. */
export const isOnDisk = (root: string, id: OpId): boolean => {
  try {
    return hasRecord(root, id)
  } catch {
    return true
  }
}

/** Looks at the marks of some Ops. */
export const candidates = async (
  scope: TurnScope,
  ids: readonly OpId[],
  withAttributes: boolean,
): Promise<Candidate[]> => {
  const intents = await intentsFor(scope, ids)
  const options = { ...scope, withAttributes }
  const beingClosed = new Set(intents.filter((intent) => isBeingClosed(scope, intent)))
  const others = intents.filter((intent) => !beingClosed.has(intent))
  const gone = new Set(others.filter(({ invocation_id: id }) => !isOnDisk(scope.root, id)))
  const vanished = findVanished(scope.root, scope.strategy, [...gone])
  const prospect = async (intent: CloseIntent): Promise<Prospect> => {
    // Where git cannot tell of the one that is gone, the others are none the worse.
    const whereabouts = gone.has(intent) ? (await vanished).get(intent.invocation_id) : undefined
    const closed = scope.closed.get(intent.invocation_id)
    return prospectOf(intent, { attended: beingClosed.has(intent), whereabouts, closed }, options)
  }
  return Promise.all(
    intents.map(async (intent) => [intent, await prospect(intent).catch(spoilt)] as const),
  )
}
