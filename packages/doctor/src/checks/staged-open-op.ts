import { editIndex, resolveRevision } from '@kitty/git-commit/inspect'
import type { Check, CheckContext, Fix } from '../check/check.js'
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

const hasCommit = ({ ops }: CheckContext): Promise<boolean> =>
  resolveRevision(ops.root, 'HEAD').then(
    () => true,
    () => false,
  )

/** Open Ops whose record is staged, for example by `git add -A`. */
export const stagedOpenOp: Check = {
  id: 'staged-open-op',
  run: async (context) => {
    const staged = await stagedOpenOps(context)
    if (staged.length === 0) return []
    const [hasHead, fixable] = [await hasCommit(context), await isIndexFree(context)]
    return findingAbout(staged, {
      id: stagedOpenOp.id,
      severity: 'warning',
      fixable,
      one: 'The record of an open Op is staged. The next commit would contain it as open.',
      many: (count) =>
        `${count} records of open Ops are staged. The next commit would contain them as open.`,
      // Restoring the whole folder would also unstage the user's other files in it. Without a commit git cannot
      // restore.
      next: (op) =>
        op !== undefined && hasHead
          ? [{ verb: 'git-restore-staged', path: op.path }]
          : [{ verb: 'fix' }],
    })
  },
  fix: unstage,
}
