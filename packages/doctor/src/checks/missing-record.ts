import { readBlobs } from '@kitty/git-commit/inspect'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { intentsOf } from '../facts/intents.js'
import { type MissingRecordOnDisk, missingOnDisk } from '../facts/missing-on-disk.js'
import { restoreRecordsFix } from '../fixes/restore-records.js'

/** Separates the records that this clone has a copy of from those that a partial clone left out. */
const byCopy = async (context: CheckContext) => {
  const intents = await intentsOf(context)
  const missing = (await missingOnDisk(context)).filter(({ skipWorktree }) => !skipWorktree)
  const blobs = await readBlobs(
    context.ops.root,
    missing.map(({ blob }) => blob),
  )
  const isHere = ({ id, blob }: MissingRecordOnDisk): boolean => intents.has(id) || blobs.has(blob)
  return { here: missing.filter(isHere), elsewhere: missing.filter((op) => !isHere(op)) }
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const { here, elsewhere } = await byCopy(context)
  const base = { id: missingRecord.id, severity: 'error' } as const
  return [
    ...findingAbout(here, {
      ...base,
      fixable: true,
      one: 'The record is in git, but gone from disk.',
      many: (count) => `${count} records are in git, but gone from disk.`,
      next: () => [{ verb: 'restore-all' }],
    }),
    ...findingAbout(elsewhere, {
      ...base,
      fixable: false,
      one: "The record is gone from disk, and this clone does not have git's version.",
      many: (count) =>
        `${count} records are gone from disk, and this clone does not have git's versions.`,
      next: (op) =>
        op === undefined
          ? [{ verb: 'git-refetch' }, { verb: 'restore-all' }]
          : [{ verb: 'git-checkout', path: op.path }],
    }),
  ]
}

/** Records that are in git and gone from disk, deleted by a person or a clean-up. */
export const missingRecord: Check = { id: 'missing-record', run, fix: restoreRecordsFix }
