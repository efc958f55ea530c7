import type { Check } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { goneFromDisk } from '../facts/missing-on-disk.js'

const WAY = 'To have them here: git sparse-checkout add kitty-ops'

/** Records that a sparse checkout keeps off the disk. They are in git, and nothing is lost. */
export const keptOffDisk: Check = {
  id: 'kept-off-disk',
  run: async (context) =>
    findingAbout(
      (await goneFromDisk(context)).filter(({ keptOff }) => keptOff),
      {
        id: keptOffDisk.id,
        severity: 'info',
        fixable: false,
        one: (path) => `A sparse checkout keeps ${path} off the disk; git has it. ${WAY}`,
        many: (count) =>
          `A sparse checkout keeps ${count} records off the disk; git has them. ${WAY}`,
      },
    ),
}
