import { type OpId, opIdTime, parseTimestamp } from '@kitty/record'
import { archivedPath, recordPath } from '../project/paths.js'
import { listRecordIds } from '../records/list-records.js'
import type { Move } from '../records/move-records.js'
import { type OpFile, type RecordPlace, tryReadRecordAt } from '../records/record-file.js'

/** What the branch that is checked out holds of the records; the writer itself never asks git. */
export type CommittedRecords = {
  /** Whether it has anything at a path, relative to the root and with `/`. */
  has(path: string): boolean
  /** Whether it has these very bytes at a path. */
  holds(path: string, bytes: Uint8Array): boolean
}

export type ArchiveRule = {
  /** Closed before this moment, in milliseconds since 1970. */
  readonly before: number
  /** So many of the newest stay, however old they are. */
  readonly keep: number
}

export type ArchiveMove = Move & { readonly id: OpId }

const isOldEnough = ({ record }: OpFile, id: OpId, before: number): boolean => {
  if (record.status !== 'closed') return false
  const closedAt = record.completed && parseTimestamp(record.completed.completed_at)
  return (closedAt ?? opIdTime(id)) < before
}

/** A record of the hot folder may leave it; one in the archive is still to be committed there. */
const judge = async (
  root: string,
  place: RecordPlace,
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
export const archiveCandidates = async (
  root: string,
  committed: CommittedRecords,
  { before, keep }: ArchiveRule,
): Promise<readonly ArchiveMove[]> => {
  const places = await listRecordIds(root)
  const kept = new Set(places.slice(0, keep).map(({ id }) => id))
  const moves: ArchiveMove[] = []
  for (const place of places.toReversed()) {
    const isHot = place.path === recordPath(place.id)
    // No Op is closed before it is opened, so most need not be read.
    if (isHot && (kept.has(place.id) || opIdTime(place.id) >= before)) continue
    const move = await judge(root, place, committed, before)
    if (move !== undefined) moves.push(move)
  }
  return moves
}
