import { existsSync } from 'node:fs'
import { archiveSubject, type OpId, opIdTime, parseTimestamp } from '@kitty/record'
import { callStrategy } from '../commit/call-strategy.js'
import type { CommitReader, CommitResult, CommittedRecords } from '../ports/commit-strategy.js'
import { archivedPath, recordPath, toAbsolute } from '../project/paths.js'
import { listRecords } from '../records/list-records.js'
import { type Move, moveRecords } from '../records/move-records.js'
import { type OpFile, type RecordLocation, tryReadRecordAt } from '../records/record-file.js'
import type { StoreContext } from './context.js'
import { usageError } from './errors.js'

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
  { before, keep }: ArchiveLimits,
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

type ArchiveLimits = {
  /** Archive Ops that were closed before this time, in milliseconds since 1970. */
  readonly before: number
  readonly keep: number
}

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30

const refuse = (code: 'DAYS_INVALID' | 'KEEP_INVALID', what: string): never => {
  throw usageError(code, what, 'Use 0 or more, for example 30.')
}

const limitsOf = (ctx: StoreContext, request: ArchiveRequest): ArchiveLimits => {
  const { olderThanDays = DEFAULT_DAYS, keep = 0 } = request
  if (!(olderThanDays >= 0)) refuse('DAYS_INVALID', `Not a number of days: ${olderThanDays}`)
  if (!Number.isInteger(keep) || keep < 0) refuse('KEEP_INVALID', `Not a number of Ops: ${keep}`)
  // With 0 days, an Op that was closed in this millisecond counts.
  return { before: ctx.clock().getTime() - olderThanDays * DAY_MS + 1, keep }
}

/** Which Ops to archive. */
export type ArchiveRequest = {
  /** The age in days from which a closed Op is moved. Default 30; 0 means any. */
  readonly olderThanDays?: number
  /** How many of the newest Ops stay, however old they are. Default 0. */
  readonly keep?: number
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
  const [result] = await callStrategy(ctx.strategy, ctx.root, [
    {
      kind: 'archive',
      message: `${archiveSubject(moves.length)}\n`,
      moves: moves.map(({ from, to }) => ({ from, to })),
      durability: ctx.durability,
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
const archiveNow = async (
  ctx: StoreContext,
  reader: CommitReader,
  limits: ArchiveLimits,
  dryRun: boolean,
): Promise<Archived> => {
  const committed = await reader.recordsInHead(ctx.root)
  if (committed === undefined) {
    return { ...NOTHING, commit: { status: 'skipped', reason: 'no-repository' } }
  }
  const wanted = await archiveCandidates(ctx.root, committed, limits)
  const idsOf = (moves: typeof wanted): readonly OpId[] => moves.map(({ id }) => id)
  if (wanted.length === 0 || dryRun) return { archivedIds: idsOf(wanted), blockedIds: [] }
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

const noReader = (name: string): CommitResult => ({
  status: 'refused',
  code: 'READER_MISSING',
  message: `The strategy "${name}" cannot read which records are committed.`,
  hint: 'Give it a reader, such as that of direct git.',
})

/**
 * Moves closed, committed Ops from the hot folder to the archive, in one commit. Their bytes do not change. If
 * the commit fails, all files are moved back, and the result says why. Throws `DAYS_INVALID`, `KEEP_INVALID`,
 * `LOCK_TIMEOUT`, what the strategy's reader throws, and what moving throws.
 */
export const archiveOps = async (
  ctx: StoreContext,
  request: ArchiveRequest = {},
): Promise<Archived> => {
  const limits = limitsOf(ctx, request)
  const { commits = true, reader, name } = ctx.strategy
  if (!commits) return { ...NOTHING, commit: { status: 'skipped', reason: 'disabled' } }
  if (reader === undefined) return { ...NOTHING, commit: noReader(name) }
  await ctx.stateFolder.ensure()
  return ctx.lock.withLock(() => archiveNow(ctx, reader, limits, request.dryRun === true))
}
