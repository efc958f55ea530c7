import { editIndex } from '@kitty/git-commit/inspect'
import { OPS_DIR } from '@kitty/writer/internals'
import type { Check, Fix } from '../check/check.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import { isIndexFree } from '../facts/locks.js'
import { headById } from '../facts/missing-on-disk.js'
import { stagedChanges } from '../facts/staged.js'

const resetToHead: Fix = {
  plan: (finding) => `Would unstage ${opIdsOf(finding).length} in git's index.`,
  apply: async (finding, context) => {
    const head = await headById(context)
    const entries = opIdsOf(finding).flatMap((id) => head.get(id) ?? [])
    await editIndex(context.ops.root, entries)
    return { done: true, message: `Unstaged ${entries.length} in git's index.` }
  },
}

/** Closed records of which another version is staged. The fix changes only git's index. */
export const stagedChange: Check = {
  id: 'staged-change',
  run: async (context) =>
    findingAbout(await stagedChanges(context), {
      id: stagedChange.id,
      severity: 'error',
      fixable: await isIndexFree(context),
      one: 'A change to the closed record is staged, and the next commit would contain it; a closed record must not change.',
      many: (count) =>
        `Changes to ${count} closed records are staged, and the next commit would contain them; a closed record must not change.`,
      next: (op) => [
        { verb: 'git-diff-staged', path: op?.path ?? OPS_DIR },
        op === undefined ? { verb: 'fix' } : { verb: 'git-restore-staged', path: op.path },
      ],
    }),
  fix: resetToHead,
}
