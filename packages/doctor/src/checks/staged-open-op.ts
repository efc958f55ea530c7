import { editIndex } from '@kitty/git-commit'
import { shellWord } from '@kitty/writer'
import type { Check, Fix } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import { isStillOpen, stagedOpenOps } from '../facts/staged.js'

const CONCURRENCY = 32

const unstage: Fix = {
  plan: (finding) => `Would take ${opIdsOf(finding).length} out of git's index.`,
  apply: async (finding, context) => {
    const ids = opIdsOf(finding)
    const staged = (await stagedOpenOps(context)).filter(({ id }) => ids.includes(id))
    // Closed meanwhile, its being staged may be a commit that is under way.
    const open = await mapConcurrent(staged, CONCURRENCY, ({ id }) => isStillOpen(context, id))
    const entries = staged.filter((_, number) => open[number])
    const wanted = entries.map(({ path, blob, inHead }) =>
      inHead === undefined ? { path, blob, remove: true } : { path, blob: inHead },
    )
    await editIndex(context.ops.root, wanted)
    return { done: true, message: `Took ${wanted.length} out of git's index.` }
  },
}

/** Open Ops whose record the next commit would take along, as `git add -A` leaves it. */
export const stagedOpenOp: Check = {
  id: 'staged-open-op',
  run: async (context) =>
    findingAbout(await stagedOpenOps(context), {
      id: stagedOpenOp.id,
      severity: 'warning',
      fixable: true,
      one: (path) =>
        `${path} is the record of an open Op and staged: the next commit would hold it as open. To take it out: git restore --staged ${shellWord(path)}`,
      many: (count) =>
        `${count} records of open Ops are staged: the next commit would hold them as open. To take them out: git restore --staged kitty-ops`,
    }),
  fix: unstage,
}
