import { editIndex } from '@kitty/git-commit'
import { shellWord } from '@kitty/writer'
import type { Check, Remedy } from '../check/check.js'
import { aboutOps, opsOf } from '../check/finding.js'
import { headById } from '../facts/missing-on-disk.js'
import { stagedDeletions } from '../facts/staged.js'

const ungone = 'The next commit would delete it from git. To take that back'

const putBack: Remedy = {
  plan: (finding) => `Would put ${opsOf(finding).length} back into git's index.`,
  apply: async (finding, at) => {
    const head = await headById(at)
    const entries = opsOf(finding).flatMap((id) => head.get(id) ?? [])
    await editIndex(at.ops.root, entries)
    return { done: true, message: `Put ${entries.length} back into git's index.` }
  },
}

/**
 * Records that HEAD has and git's index has not: somebody staged their deletion, or a commit that was
 * running wrote an older index back. The index alone is mended; the file is `missing-record`'s.
 */
export const stagedDeletion: Check = {
  id: 'staged-deletion',
  examine: async (at) =>
    aboutOps(await stagedDeletions(at), {
      id: stagedDeletion.id,
      severity: 'error',
      fixable: true,
      one: (path) =>
        `${path} is missing in git's index. ${ungone}: git restore --staged ${shellWord(path)}`,
      many: (count) =>
        `${count} records are missing in git's index. The next commit would delete them from git. To take that back: spec-kitty doctor ops --fix`,
    }),
  mend: putBack,
}
