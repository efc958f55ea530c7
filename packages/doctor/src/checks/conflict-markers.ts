import type { Check } from '../check/check.js'
import { findProblems, listOf } from '../facts/record-problems.js'

/** Records with the conflict markers of a merge. */
export const conflictMarkers: Check = {
  id: 'conflict-markers',
  run: (context) =>
    findProblems(context, ['CONFLICT_MARKER'], ({ id, path, problems }) => ({
      id: conflictMarkers.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `The record contains a merge conflict: ${listOf(problems)}. A closed record never changes, so one side was changed; keep one side during the merge, or HEAD's version after it.`,
      fixable: false,
      next: [
        { verb: 'git-checkout-ours', path },
        { verb: 'git-checkout-theirs', path },
        { verb: 'git-add', path },
        { verb: 'git-checkout', path },
      ],
    })),
}
