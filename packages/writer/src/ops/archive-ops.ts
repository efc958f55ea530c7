import { existsSync } from 'node:fs'
import { archiveSubject, type OpId, opIdTime, parseTimestamp } from '@kitty/record'
import { callStrategy } from '../commit/commit-batch.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import { archivedPath, INDEX_PATH, recordPath, toAbsolute } from '../project/paths.js'
import { listRecords } from '../records/list-records.js'
import { type Move, moveRecords } from '../records/move-records.js'
import { type OpFile, type RecordLocation, tryReadRecordAt } from '../records/record-file.js'
import type { StoreContext } from './context.js'

/** What the branch that is checked out holds of the records; the writer itself never asks git. */
export type CommittedRecords = {
  /** Whether it has anything at a path, relative to the root and with `/`. */
  has(path: string): boolean
  /** Whether it has these very bytes at a path. */
  holds(path: string, bytes: Uint8Array): boolean
}

type ArchiveRule = {
  /** Closed before this moment, in milliseconds since 1970. */
  readonly before: number
  /** So many of the newest stay, however old they are. */
  readonly keep: number
}

type ArchiveMove = Move & { readonly id: OpId }

const isOldEnough = ({ record }: OpFile, id: OpId, before: number): boolean => {
  if (record.status !== 'closed') return false
  const closedAt = record.completed && parseTimestamp(record.completed.completed_at)
  return (closedAt ?? opIdTime(id)) < before
}

/** A record of the hot folder may leave it; one in the archive is still to be committed there. */
const archiveMoveFor = async (
  root: string,
  place: RecordLocation,
  committed: CommittedRecords,
  before: number,
): Promise<ArchiveMove | undefined> => {
  const { id } = place
  const [from, to] = [recordPath(id), archivedPath(id)]
  const isHot = place.path === from
  // An archiving that was cut off is finished whatever the rule is now.
  if (!isHot && !committed.has(from)) return undefined
  const file = tryReadRecordAt(root, place)
  if (file === undefined || !(committed.holds(from, file.bytes) || committed.holds(to, file.bytes)))
    return undefined
  return isHot && !isOldEnough(file, id, before) ? undefined : { id, from, to }
}

/**
 * The Ops that may leave the hot folder, oldest first: closed before a moment, and committed to the
 * byte. Where to follows from the id alone. Those are among them whose archiving was cut off.
 */
const archiveCandidates = async (
  root: string,
  committed: CommittedRecords,
  { before, keep }: ArchiveRule,
): Promise<readonly ArchiveMove[]> => {
  const places = await listRecords(root)
  const kept = new Set(places.slice(0, keep).map(({ id }) => id))
  const moves: ArchiveMove[] = []
  for (const place of places.toReversed()) {
    const isHot = place.path === recordPath(place.id)
    // No Op is closed before it is opened, so most need not be read.
    if (isHot && (kept.has(place.id) || opIdTime(place.id) >= before)) continue
    const move = await archiveMoveFor(root, place, committed, before)
    if (move !== undefined) moves.push(move)
  }
  return moves
}

export type ArchiveRequest = ArchiveRule & {
  /** What git has now, asked while nobody commits; undefined where there is no git. */
  readonly committed: () => Promise<CommittedRecords | undefined>
  /** Change nothing; say what would be moved. */
  readonly dryRun?: boolean
}

/** What an archiving came to. */
export type Archived = {
  /** The Ops that were moved, or would be; oldest first. */
  readonly archivedIds: readonly OpId[]
  /** Ops that stay, because other bytes lie in their place in the archive. */
  readonly blockedIds: readonly OpId[]
  /** What became of the commit; undefined where there was nothing to move, `skipped` outside git. */
  readonly commit?: CommitResult
}

const NOTHING: Archived = { archivedIds: [], blockedIds: [] }

const commitMoves = async (ctx: StoreContext, moves: readonly Move[]): Promise<CommitResult> => {
  const [result] = await callStrategy(ctx.strategy, [
    {
      kind: 'archive',
      root: ctx.root,
      message: `${archiveSubject(moves.length)}\n`,
      write: moves.map(({ to }) => to),
      remove: moves.map(({ from }) => from),
      durability: ctx.durability,
      ...(ctx.commitOpsIndex && { index: INDEX_PATH }),
    },
  ])
  return result ?? { status: 'skipped', reason: 'disabled' }
}

/** What HEAD has in the archive already is where it belongs. */
const inverseMoves = (moves: readonly Move[], committed: CommittedRecords): readonly Move[] =>
  moves.filter(({ to }) => !committed.has(to)).map(({ from, to }) => ({ from: to, to: from }))

/**
 * First the files, then the commit, because git takes a path out of its index only when the file is
 * gone. Without the commit the files go back: what is on disk would differ from HEAD, which stands in
 * the way of a switch of branches. A crash in between leaves each record in one place or in both, where
 * every reader finds it and nothing counts it as changed; the next archiving finishes it.
 */
const archiveNow = async (ctx: StoreContext, request: ArchiveRequest): Promise<Archived> => {
  const committed = await request.committed()
  if (committed === undefined) {
    return { ...NOTHING, commit: { status: 'skipped', reason: 'no-repository' } }
  }
  const wanted = await archiveCandidates(ctx.root, committed, request)
  const idsOf = (moves: typeof wanted): readonly OpId[] => moves.map(({ id }) => id)
  if (wanted.length === 0 || request.dryRun) return { archivedIds: idsOf(wanted), blockedIds: [] }
  const done = new Set((await moveRecords(ctx.root, wanted, ctx.durability)).map(({ to }) => to))
  const moves = wanted.filter(({ to }) => done.has(to))
  const stayed = wanted.filter(({ to }) => !done.has(to))
  const blockedIds = idsOf(stayed.filter(({ from }) => existsSync(toAbsolute(ctx.root, from))))
  if (moves.length === 0) return { archivedIds: [], blockedIds }
  const commit = await commitMoves(ctx, moves)
  if (commit.status === 'committed') return { archivedIds: idsOf(moves), blockedIds, commit }
  await moveRecords(ctx.root, inverseMoves(moves, committed), ctx.durability)
  return { archivedIds: [], blockedIds, commit }
}

/**
 * Moves closed, committed Ops out of the hot folder and commits the moves, in one commit. Bytes stay as
 * they are. Where the commit cannot be made, everything is back where it was, and the result says why.
 * Throws `LOCK_TIMEOUT`, what `committed` throws, and what moving throws.
 */
export const archiveOps = async (ctx: StoreContext, request: ArchiveRequest): Promise<Archived> => {
  await ctx.ensureState()
  return ctx.lock.withLock(() => archiveNow(ctx, request))
}
