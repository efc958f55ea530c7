import { parseLifecycleLog } from '@kitty/record'
import { LIFECYCLE_PATH } from '@kitty/writer/internals'
import type { Check } from '../check/check.js'
import { linesOf, numbersOf } from '../facts/log-lines.js'

/** Lines of the pairing log that cannot be read; no count includes them. */
export const lifecycleLines: Check = {
  id: 'lifecycle-lines',
  run: async (context) => {
    const lines = await linesOf(context, LIFECYCLE_PATH)
    const unread = lines.filter(({ text }) => parseLifecycleLog(text).skipped > 0)
    if (unread.length === 0) return []
    const message = `The log cannot be read in ${numbersOf(unread)}, for example after a crash or a merge conflict; these lines do not count. The log is not a record: correct or delete the lines in an editor.`
    const base = { id: lifecycleLines.id, severity: 'warning', path: LIFECYCLE_PATH } as const
    return [{ ...base, message, fixable: false, next: [] }]
  },
}
