import { existsSync } from 'node:fs'
import { archiveSubject, type OpId, opIdTime, parseTimestamp } from '@kitty/record'
import { callStrategy } from '../commit/commit-batch.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import { archivedPath, INDEX_PATH, recordPath, toAbsolute } from '../project/paths.js'
import { listRecords } from '../records/list-records.js'
import { type Move, moveRecords } from '../records/move-records.js'
import { type OpFile, type RecordLocation, tryReadRecordAt } from '../records/record-file.js'
import type { StoreContext } from './context.js'

/** The records that the checked-out branch contains. The writer itself never runs git. */
export type CommittedRecords = {
  /** Whether the branch has anything at a path, relative to the root, with `/`. */
  has(path: string): boolean
  /** Whether the branch has exactly these bytes at a path. */
  holds(path: string, bytes: Uint8Array): boolean
}

type ArchiveMove = Move & { readonly id: OpId }

const isOldEnough = ({ record }: OpFile, id: OpId, before: number): boolean => {
  if (record.status !== 'closed') return false
  const closedAt = parseTimestamp(record.completed.completed_at)
  return (closedAt ?? opIdTime(id)) < before
}

/** The move for a record that can leave the hot folder, or whose move to the archive is not committed yet. */
const archiveMoveFor = async (
  root: string,
  place: RecordLocation,
  committed: CommittedRecords,
  before: number,
): Promise<ArchiveMove | undefined> => {
  const { id } = place
  const [from, to] = [recordPath(id), archivedPath(id)]
  const isHot = place.path === from
  // An interrupted archive run is completed whatever the rule is now.
  if (!isHot && !committed.has(from)) return undefined
  const file = tryReadRecordAt(root, place)
  if (file === undefined || !(committed.holds(from, file.bytes) || committed.holds(to, file.bytes)))
    return undefined
  return isHot && !isOldEnough(file, id, before) ? undefined : { id, from, to }
}

/**
 * The Ops that can leave the hot folder, oldest first: closed before `before`, and committed with the same bytes.
 * Includes those whose archiving was interrupted. Their place in the archive follows from the id alone.
 */
const archiveCandidates = async (
  root: string,
  committed: CommittedRecords,
  { before, keep }: ArchiveRequest,
): Promise<readonly ArchiveMove[]> => {
  const places = await listRecords(root)
  const kept = new Set(places.slice(0, keep).map(({ id }) => id))
  const moves: ArchiveMove[] = []
  for (const place of places.toReversed()) {
    const isHot = place.path === recordPath(place.id)
    // An Op cannot be closed before it is opened, so most records need not be read.
    if (isHot && (kept.has(place.id) || opIdTime(place.id) >= before)) continue
    const move = await archiveMoveFor(root, place, committed, before)
    if (move !== undefined) moves.push(move)
  }
  return moves
}

/** Which Ops to archive. */
export type ArchiveRequest = {
  /** Archive Ops that were closed before this time, in milliseconds since 1970. */
  readonly before: number
  /** Keep this many of the newest Ops, however old they are. */
  readonly keep: number
  /** Reads what git has now; called under the commit lock. Returns `undefined` outside git. */
  readonly committed: () => Promise<CommittedRecords | undefined>
  /** Change nothing; report what would be moved. */
  readonly dryRun?: boolean
}

/** The result of an archive run. */
export type Archived = {
  /** The Ops that were moved, or would be moved, oldest first. */
  readonly archivedIds: readonly OpId[]
  /** Ops that stay because their place in the archive has other bytes. */
  readonly blockedIds: readonly OpId[]
  /** The result of the commit: `undefined` if there was nothing to move, `skipped` outside git. */
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

/** The moves back, except of files that HEAD already has in the archive. */
const inverseMoves = (moves: readonly Move[], committed: CommittedRecords): readonly Move[] =>
  moves.filter(({ to }) => !committed.has(to)).map(({ from, to }) => ({ from: to, to: from }))

/**
 * Moves the files first and then commits, because git removes a path from its index only if the file is gone.
 * If the commit fails, the files move back: a work tree that differs from HEAD would block a branch switch.
 * A crash in between leaves each record in one place or in both, where every reader finds it and no check
 * reports it as changed; the next archive run completes the move.
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
 * Moves closed, committed Ops from the hot folder to the archive, in one commit. Their bytes do not change. If
 * the commit fails, all files are moved back, and the result says why. Throws `LOCK_TIMEOUT`, what `committed`
 * throws, and what moving throws.
 */
export const archiveOps = async (ctx: StoreContext, request: ArchiveRequest): Promise<Archived> => {
  await ctx.stateFolder.ensure()
  return ctx.lock.withLock(() => archiveNow(ctx, request))
}
