import { editIndex } from '@kitty/git-commit'
import { shellWord } from '@kitty/writer'
import type { Check, Fix } from '../check/check.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import { headById } from '../facts/missing-on-disk.js'
import { stagedDeletions } from '../facts/staged.js'

const ungone = 'The next commit would delete it from git. To take that back'

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
 * Records that HEAD has and git's index has not: somebody staged their deletion, or a commit that was
 * running wrote an older index back. The index alone is mended; the file is `missing-record`'s.
 */
export const stagedDeletion: Check = {
  id: 'staged-deletion',
  run: async (context) =>
    findingAbout(await stagedDeletions(context), {
      id: stagedDeletion.id,
      severity: 'error',
      fixable: true,
      one: (path) =>
        `${path} is missing in git's index. ${ungone}: git restore --staged ${shellWord(path)}`,
      many: (count) =>
        `${count} records are missing in git's index. The next commit would delete them from git. To take that back: spec-kitty doctor ops --fix`,
    }),
  fix: putBack,
}
