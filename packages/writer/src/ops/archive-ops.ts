import { existsSync } from 'node:fs'
import { ARCHIVE_SUBJECT, type OpId } from '@kitty/record'
import { askStrategy } from '../commit/ask-strategy.js'
import type { CommitResult } from '../ports/commit-strategy.js'
import { INDEX_PATH, toAbsolute } from '../project/paths.js'
import { type Move, moveRecords } from '../records/move-records.js'
import { type ArchiveRule, archiveCandidates, type CommittedRecords } from './archive-candidates.js'
import type { OpsContext } from './ops-options.js'

export type ArchiveRequest = ArchiveRule & {
  /** What git has now, asked while nobody commits; undefined where there is no git. */
  readonly committed: () => Promise<CommittedRecords | undefined>
  /** Change nothing; say what would be moved. */
  readonly dryRun?: boolean
}

/** What an archiving came to. */
export type Archived = {
  /** The Ops that were moved, or would be; oldest first. */
  readonly ids: readonly OpId[]
  /** Ops that stay, because other bytes lie in their place in the archive. */
  readonly blocked: readonly OpId[]
  /** What became of the commit; undefined where there was nothing to move, `skipped` outside git. */
  readonly commit?: CommitResult
}

const NOTHING: Archived = { ids: [], blocked: [] }

const commitMoves = async (ops: OpsContext, moves: readonly Move[]): Promise<CommitResult> => {
  const [result] = await askStrategy(ops.strategy, [
    {
      kind: 'archive',
      root: ops.root,
      message: `${ARCHIVE_SUBJECT(moves.length)}\n`,
      write: moves.map(({ to }) => to),
      remove: moves.map(({ from }) => from),
      durability: ops.durability,
      ...(ops.commitIndex && { index: INDEX_PATH }),
    },
  ])
  return result ?? { status: 'skipped', reason: 'disabled' }
}

/** What HEAD has in the archive already is where it belongs. */
const back = (moves: readonly Move[], committed: CommittedRecords): readonly Move[] =>
  moves.filter(({ to }) => !committed.has(to)).map(({ from, to }) => ({ from: to, to: from }))

/**
 * First the files, then the commit, because git takes a path out of its index only when the file is
 * gone. Without the commit the files go back: what is on disk would differ from HEAD, which stands in
 * the way of a switch of branches. A crash in between leaves each record in one place or in both, where
 * every reader finds it and nothing counts it as changed; the next archiving finishes it.
 */
const archiveNow = async (ops: OpsContext, request: ArchiveRequest): Promise<Archived> => {
  const committed = await request.committed()
  if (committed === undefined) {
    return { ...NOTHING, commit: { status: 'skipped', reason: 'no-repository' } }
  }
  const wanted = await archiveCandidates(ops.root, committed, request)
  const idsOf = (moves: typeof wanted): readonly OpId[] => moves.map(({ id }) => id)
  if (wanted.length === 0 || request.dryRun) return { ids: idsOf(wanted), blocked: [] }
  const done = new Set((await moveRecords(ops.root, wanted, ops.durability)).map(({ to }) => to))
  const moves = wanted.filter(({ to }) => done.has(to))
  const stayed = wanted.filter(({ to }) => !done.has(to))
  const blocked = idsOf(stayed.filter(({ from }) => existsSync(toAbsolute(ops.root, from))))
  if (moves.length === 0) return { ids: [], blocked }
  const commit = await commitMoves(ops, moves)
  if (commit.status === 'committed') return { ids: idsOf(moves), blocked, commit }
  await moveRecords(ops.root, back(moves, committed), ops.durability)
  return { ids: [], blocked, commit }
}

/**
 * Moves closed, committed Ops out of the hot folder and commits the moves, in one commit. Bytes stay as
 * they are. Where the commit cannot be made, everything is back where it was, and the result says why.
 * Throws `LOCK_TIMEOUT`, what `committed` throws, and what moving throws.
 */
export const archiveOps = async (ops: OpsContext, request: ArchiveRequest): Promise<Archived> => {
  await ops.makeState()
  return ops.queue.alone(() => archiveNow(ops, request))
}
