import type { Check } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { missingOnDisk } from '../facts/missing-on-disk.js'

/** Records that a sparse checkout keeps off the disk. They are in git; nothing is lost. */
export const sparseRecord: Check = {
  id: 'kept-off-disk',
  run: async (context) =>
    findingAbout(
      (await missingOnDisk(context)).filter(({ skipWorktree }) => skipWorktree),
      {
        id: sparseRecord.id,
        severity: 'info',
        fixable: false,
        one: 'A sparse checkout keeps the record off the disk; git has it.',
        many: (count) => `A sparse checkout keeps ${count} records off the disk; git has them.`,
        next: () => [{ verb: 'git-sparse-add' }],
      },
    ),
}
