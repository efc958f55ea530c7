import { KittyError, type OpId } from '@kitty/record'
import type { CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { archivedPath, recordPath } from '../project/paths.js'
import { hasRecord, type OpFile } from '../records/record-file.js'
import type { Mark } from '../state/intent.js'
import { isAttended, isDelivered, readMark } from '../state/intent-store.js'
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
  marks: readonly Mark[],
): Promise<ReadonlyMap<OpId, Whereabouts>> => {
  if (marks.length === 0) return new Map()
  const records = marks.map(({ invocation_id: id, bytes }) => ({
    paths: [recordPath(id), archivedPath(id)],
    bytes,
  }))
  const shas = (await strategy.findCommits?.(root, records)) ?? []
  return new Map(
    marks.map(({ invocation_id }, number) => {
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
export type Candidate = readonly [mark: Mark, prospect: Prospect]

/** What stands in the way of one Op must not stand in the way of all. */
const spoilt = (error: unknown): Prospect => ({
  left:
    error instanceof KittyError
      ? { status: 'failed', code: error.code, message: error.message, hint: error.hint }
      : turnFailed(error),
})

/** The marks that a turn looks at; a result that somebody is about to take up is left to them. */
const marksFor = async (scope: TurnScope, ids: readonly OpId[]): Promise<Mark[]> => {
  const found = await Promise.all(ids.map((id) => readMark(scope.state, id).catch(() => undefined)))
  return found.flatMap((mark) => {
    if (mark === undefined) return []
    return scope.ours.has(mark.invocation_id) || !isDelivered(mark) ? [mark] : []
  })
}

/** While its closer lives and is not done, a record is the closer's to write. */
const isBeingClosed = (scope: TurnScope, mark: Mark): boolean =>
  !scope.closed.has(mark.invocation_id) && isAttended(mark)

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
  const marks = await marksFor(scope, ids)
  const options = { ...scope, withAttributes }
  const beingClosed = new Set(marks.filter((mark) => isBeingClosed(scope, mark)))
  const others = marks.filter((mark) => !beingClosed.has(mark))
  const gone = new Set(others.filter(({ invocation_id: id }) => !isOnDisk(scope.root, id)))
  const vanished = findVanished(scope.root, scope.strategy, [...gone])
  const prospect = async (mark: Mark): Promise<Prospect> => {
    // Where git cannot tell of the one that is gone, the others are none the worse.
    const whereabouts = gone.has(mark) ? (await vanished).get(mark.invocation_id) : undefined
    const closed = scope.closed.get(mark.invocation_id)
    return prospectOf(mark, { attended: beingClosed.has(mark), whereabouts, closed }, options)
  }
  return Promise.all(marks.map(async (mark) => [mark, await prospect(mark).catch(spoilt)] as const))
}
