import type { Check } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { missingOnDisk } from '../facts/missing-on-disk.js'
import { restoreRecordsFix } from '../fixes/restore-records.js'

const LOST = 'in git and gone from disk (deleted, cleaned)'
const BACK = 'To have all that is missing back, to the byte: spec-kitty ops restore --all'

/** Records that git has and the disk has lost, as `git clean` or a deletion leaves it. */
export const missingRecord: Check = {
  id: 'missing-record',
  run: async (context) =>
    findingAbout(
      (await missingOnDisk(context)).filter(({ skipWorktree }) => !skipWorktree),
      {
        id: missingRecord.id,
        severity: 'error',
        fixable: true,
        one: (path) => `${path} is ${LOST}. ${BACK}`,
        many: (count) => `${count} records are ${LOST}. ${BACK}`,
      },
    ),
  fix: restoreRecordsFix,
}
