import { editIndex } from '@kitty/git-commit/inspect'
import type { Check, Fix } from '../check/check.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import { isIndexFree } from '../facts/locks.js'
import { headById } from '../facts/missing-on-disk.js'
import { stagedDeletions } from '../facts/staged.js'

const putBack: Fix = {
  plan: (finding) => `Would put ${opIdsOf(finding).length} back into git's index.`,
  apply: async (finding, context) => {
    const head = await headById(context)
    const entries = opIdsOf(finding).flatMap((id) => head.get(id) ?? [])
    await editIndex(context.ops.root, entries)
    return { done: true, message: `Put ${entries.length} back into git's index.` }
  },
}

/**
 * Records that are in HEAD and not in git's index: their deletion was staged, or a commit that was running
 * wrote an older index. The fix changes only the index; `missing-record` reports a missing file.
 */
export const stagedDeletion: Check = {
  id: 'staged-deletion',
  run: async (context) =>
    findingAbout(await stagedDeletions(context), {
      id: stagedDeletion.id,
      severity: 'error',
      fixable: await isIndexFree(context),
      one: "The record is missing from git's index. The next commit would delete it from git.",
      many: (count) =>
        `${count} records are missing from git's index. The next commit would delete them from git.`,
      next: (op) =>
        op === undefined ? [{ verb: 'fix' }] : [{ verb: 'git-restore-staged', path: op.path }],
    }),
  fix: putBack,
}
