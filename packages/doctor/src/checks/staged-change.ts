import { editIndex } from '@kitty/git-commit'
import { shellWord } from '@kitty/writer'
import type { Check, Fix } from '../check/check.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import { headById } from '../facts/missing-on-disk.js'
import { stagedChanges } from '../facts/staged.js'

const resetToHead: Fix = {
  plan: (finding) => `Would take back ${opIdsOf(finding).length} in git's index.`,
  apply: async (finding, context) => {
    const head = await headById(context)
    const entries = opIdsOf(finding).flatMap((id) => head.get(id) ?? [])
    await editIndex(context.ops.root, entries)
    return { done: true, message: `Took back ${entries.length} in git's index.` }
  },
}

/** Closed records of which something else is staged. The index alone is mended. */
export const stagedChange: Check = {
  id: 'staged-change',
  run: async (context) =>
    findingAbout(await stagedChanges(context), {
      id: stagedChange.id,
      severity: 'error',
      fixable: true,
      one: (path) =>
        `A change of ${path} is staged, and a closed record never changes: the next commit would hold it. See it: git diff --cached -- ${shellWord(path)}. To take it back: git restore --staged ${shellWord(path)}`,
      many: (count) =>
        `Changes of ${count} closed records are staged: the next commit would hold them. See them: git diff --cached -- kitty-ops. To take them back: spec-kitty doctor ops --fix`,
    }),
  fix: resetToHead,
}
