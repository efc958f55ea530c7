import { editIndex } from '@kitty/git-commit'
import { OPS_DIR } from '@kitty/writer'
import type { Check, Fix } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { findingAbout, opIdsOf } from '../check/finding.js'
import { isIndexFree } from '../facts/locks.js'
import { isStillOpen, stagedOpenOps } from '../facts/staged.js'

const CONCURRENCY = 32

const unstage: Fix = {
  plan: (finding) => `Would unstage ${opIdsOf(finding).length} in git's index.`,
  apply: async (finding, context) => {
    const ids = opIdsOf(finding)
    const staged = (await stagedOpenOps(context)).filter(({ id }) => ids.includes(id))
    // If the Op was closed in the meantime, a commit in progress may have staged it.
    const open = await mapConcurrent(staged, CONCURRENCY, ({ id }) => isStillOpen(context, id))
    const entries = staged.filter((_, number) => open[number])
    const wanted = entries.map(({ path, blob, inHead }) =>
      inHead === undefined ? { path, blob, remove: true } : { path, blob: inHead },
    )
    await editIndex(context.ops.root, wanted)
    return { done: true, message: `Unstaged ${wanted.length} in git's index.` }
  },
}

/** Open Ops whose record is staged, for example by `git add -A`. */
export const stagedOpenOp: Check = {
  id: 'staged-open-op',
  run: async (context) =>
    findingAbout(await stagedOpenOps(context), {
      id: stagedOpenOp.id,
      severity: 'warning',
      fixable: await isIndexFree(context),
      one: 'The record of an open Op is staged. The next commit would contain it as open.',
      many: (count) =>
        `${count} records of open Ops are staged. The next commit would contain them as open.`,
      next: (op) => [{ verb: 'git-restore-staged', path: op?.path ?? OPS_DIR }],
    }),
  fix: unstage,
}
