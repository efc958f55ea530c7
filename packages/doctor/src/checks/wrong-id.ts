import { shellWord } from '@kitty/writer'
import type { Check } from '../check/check.js'
import { findProblems, listOf } from '../facts/record-problems.js'

/** Records with events of another Op than the one that the file is named after. */
export const wrongId: Check = {
  id: 'wrong-id',
  run: (context) =>
    findProblems(context, ['ID_MISMATCH'], ({ id, path, problems }) => ({
      id: wrongId.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `${path} holds events that are not about the Op it is named after, and these do not count: ${listOf(problems)}. If the file was renamed, give it its name back (git mv); else see who wrote that: git log -p -- ${shellWord(path)}`,
      fixable: false,
    })),
}
