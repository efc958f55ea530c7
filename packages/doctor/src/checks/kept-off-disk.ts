import type { Check } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { missingOnDisk } from '../facts/missing-on-disk.js'

const WAY = 'To have them here: git sparse-checkout add kitty-ops'

/** Records that a sparse checkout keeps off the disk. They are in git, and nothing is lost. */
export const sparseRecord: Check = {
  id: 'kept-off-disk',
  run: async (context) =>
    findingAbout(
      (await missingOnDisk(context)).filter(({ skipWorktree }) => skipWorktree),
      {
        id: sparseRecord.id,
        severity: 'info',
        fixable: false,
        one: (path) => `A sparse checkout keeps ${path} off the disk; git has it. ${WAY}`,
        many: (count) =>
          `A sparse checkout keeps ${count} records off the disk; git has them. ${WAY}`,
      },
    ),
}
