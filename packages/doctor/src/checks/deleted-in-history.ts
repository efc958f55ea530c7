import type { OpId } from '@kitty/record'
import { OPS_DIR } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'
import { findingAbout, type OpRef, opIdsOf } from '../check/finding.js'
import { commitObstacle, ignoreObstacles } from '../facts/commit-obstacle.js'
import { deletedOps, type FirstClosed, migratingCommits, versionsById } from '../facts/history.js'
import { headById } from '../facts/missing-on-disk.js'
import { placesOf } from '../facts/record-pass.js'
import { commitAgain } from '../fixes/commit-again.js'
import { restoreRecords } from '../restore/restore-record.js'
import { historicCopies } from '../restore/sources.js'

/**
 * A commit that git began before an Op's commit and ended after it can have an index without the record. A
 * deletion on purpose does not follow a close within a minute.
 */
const RACE_MS = 60_000

const isRaced = async (context: CheckContext, { id, at: closed }: FirstClosed & { id: OpId }) => {
  const versions = (await versionsById(context)).get(id) ?? []
  const deletion = versions.findLast(({ blob }) => blob === undefined)
  return deletion !== undefined && Math.abs(deletion.at - closed) <= RACE_MS
}

/** Leaves out older records that were deleted by a commit that migrated others, as the Python spec-kitty does. */
const notMigrated = async (
  context: CheckContext,
  gone: readonly (readonly [OpId, FirstClosed])[],
): Promise<typeof gone> => {
  const versions = await versionsById(context)
  const deletionOf = (id: OpId): string =>
    versions.get(id)?.findLast(({ blob }) => blob === undefined)?.sha ?? ''
  const older = gone.flatMap(([id, { record }]) => (record.legacy ? [id] : []))
  if (older.length === 0) return gone
  const migrating = await migratingCommits(context, new Set(older.map(deletionOf)))
  return gone.filter(([id]) => !(older.includes(id) && migrating.has(deletionOf(id))))
}

type Deleted = OpRef & { readonly raced: boolean }

const deleted = async (context: CheckContext): Promise<readonly Deleted[]> => {
  const [head, places] = await Promise.all([headById(context), placesOf(context)])
  const onDisk = new Set(places.map(({ id }) => id))
  const all = [...(await deletedOps(context, new Set(head.keys())))]
  const gone = await notMigrated(context, all)
  // A record that is on disk is closed and not in HEAD: see `uncommitted`.
  const away = gone.filter(([id]) => !onDisk.has(id))
  return Promise.all(
    away.map(async ([id, first]) => ({
      id,
      path: first.path,
      raced: await isRaced(context, { ...first, id }),
    })),
  )
}

const restoreDeleted: Fix = {
  plan: (finding) => `Would restore ${opIdsOf(finding).length} from history and commit again.`,
  apply: async (finding, context, facts): Promise<FixOutcome> => {
    await restoreRecords(context, await historicCopies(context, opIdsOf(finding)))
    return commitAgain.apply(finding, context, facts)
  },
}

const ofRaced = async (
  context: CheckContext,
  raced: readonly Deleted[],
): Promise<readonly Finding[]> => {
  if (raced.length === 0) return []
  const paths = raced.map(({ path }) => path)
  const [ignored] = (await ignoreObstacles(context, paths)).values()
  const obstacle = (await commitObstacle(context)) ?? ignored
  const why = obstacle === undefined ? '' : ` It cannot be committed again now: ${obstacle.message}`
  return findingAbout(raced, {
    id: deletedInHistory.id,
    severity: 'error',
    fixable: obstacle === undefined,
    one: `The record was committed as closed, and a commit that ran at the same time deleted it within a minute.${why}`,
    many: (count) =>
      `${count} records were committed as closed, and commits that ran at the same time deleted them within a minute.${why}`,
    next: (op) => [
      { verb: 'git-log-deletions', path: op?.path ?? OPS_DIR },
      ...(obstacle?.next ?? []),
      { verb: 'fix-deep' },
    ],
  })
}

const ofDeleted = (others: readonly Deleted[]): readonly Finding[] =>
  findingAbout(others, {
    id: deletedInHistory.id,
    severity: 'error',
    fixable: false,
    one: 'The record was committed as closed, and a later commit deleted it.',
    many: (count) =>
      `${count} records were committed as closed, and later commits deleted them. Each can be restored by its id.`,
    next: (op) => [
      { verb: 'git-log-deletions', path: op?.path ?? OPS_DIR },
      ...(op === undefined ? [] : [{ verb: 'restore', id: op.id } as const]),
    ],
  })

/** Closed records that a commit deleted. It may have been on purpose, but a closed record must stay. */
export const deletedInHistory: Check = {
  id: 'deleted-in-history',
  deep: true,
  run: async (context) => {
    const all = await deleted(context)
    const raced = all.filter((each) => each.raced)
    return [...(await ofRaced(context, raced)), ...ofDeleted(all.filter((each) => !each.raced))]
  },
  fix: restoreDeleted,
}
