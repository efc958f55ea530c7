import type { HistoryCommit, HistoryRange } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { OPS_DIR } from '@kitty/writer/internals'
import type { Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import type { AtTip } from './check-tip.js'
import { inRoot } from './finding.js'
import type { ClosingCommit } from './first-closed.js'
import { opAt } from './record-path.js'
import type { MigratingCommit } from './record-steps.js'
import type { VersionsByBlob } from './versions.js'

/** The Ops that have a file at the tip, also under a wrong name, which is another violation. */
const opsAt = (
  place: HistoryRange,
  files: readonly AtTip[],
  versions: VersionsByBlob,
): ReadonlySet<OpId> =>
  new Set(files.flatMap(({ path, blob }) => opAt(place, path) ?? versions.get(blob)?.id ?? []))

/** The Ops whose older records were deleted by a commit that migrated others, and by no commit after it. */
export const deletedByMigration = (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  migrating: readonly MigratingCommit[],
): ReadonlySet<OpId> => {
  const wanted = new Set(migrating.flatMap(({ deleted }) => deleted))
  const lastDeletion = new Map<OpId, HistoryCommit>()
  for (const commit of wanted.size === 0 ? [] : commits) {
    for (const { path, after } of commit.changes) {
      const id = opAt(place, path)
      if (id !== undefined && wanted.has(id) && after === undefined) lastDeletion.set(id, commit)
    }
  }
  return new Set(
    migrating.flatMap(({ commit, deleted }) =>
      deleted.filter((id) => lastDeletion.get(id) === commit),
    ),
  )
}

/** Returns the finding for records that were closed in history and are not at the tip. */
export const checkDeletions = (
  place: HistoryRange,
  firsts: ReadonlyMap<OpId, ClosingCommit>,
  tip: readonly AtTip[],
  versions: VersionsByBlob,
): readonly Finding[] => {
  const present = opsAt(place, tip, versions)
  const gone = [...firsts].flatMap(([id, { path }]) => (present.has(id) ? [] : [{ id, path }]))
  return findingAbout(gone, {
    id: 'deleted-record',
    severity: 'error',
    fixable: false,
    one: 'The record was committed as closed and is gone, but a closed record must stay. Restore it and commit it again.',
    many: (count) =>
      `${count} records were committed as closed and are gone, but a closed record must stay. Restore each by its id and commit them again.`,
    next: (op) => [
      { verb: 'git-log-deletions', path: op === undefined ? OPS_DIR : inRoot(place, op.path) },
      ...(op === undefined ? [] : [{ verb: 'restore', id: op.id } as const]),
      { verb: 'fix' },
    ],
  })
}
