import { shellWord } from '@kitty/writer'
import type { Check } from '../check/check.js'
import { findProblems, listOf } from '../facts/record-problems.js'

/** Records in which a merge left both sides. */
export const conflictMarkers: Check = {
  id: 'conflict-markers',
  run: (context) =>
    findProblems(context, ['CONFLICT_MARKER'], ({ id, path, problems }) => ({
      id: conflictMarkers.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `${path} holds a merge conflict: ${listOf(problems)}. A closed record is the same on both sides, so one side was changed. Keep one whole: git checkout --ours -- ${shellWord(path)} (or --theirs), then git add -- ${shellWord(path)}. After the merge: git checkout HEAD -- ${shellWord(path)}`,
      fixable: false,
    })),
}
