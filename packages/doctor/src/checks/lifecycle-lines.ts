import { parseLifecycleLog } from '@kitty/record'
import { LIFECYCLE_PATH } from '@kitty/writer'
import type { Check } from '../check/check.js'
import { linesOf, numbersOf } from '../facts/log-lines.js'

/** Lines of the pairing log that nobody can read; they are left out of every count. */
export const lifecycleLines: Check = {
  id: 'lifecycle-lines',
  run: async (context) => {
    const lines = await linesOf(context, LIFECYCLE_PATH)
    const unread = lines.filter(({ text }) => parseLifecycleLog(text).skipped > 0)
    if (unread.length === 0) return []
    const message = `${LIFECYCLE_PATH} cannot be read in ${numbersOf(unread)} (a crash, or a merge conflict), and what it says there does not count. Mend or delete these lines in an editor: the log is no record`
    return [
      { id: lifecycleLines.id, severity: 'warning', path: LIFECYCLE_PATH, message, fixable: false },
    ]
  },
}
