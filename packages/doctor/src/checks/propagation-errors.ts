import { PROPAGATION_ERRORS_PATH } from '@kitty/writer/internals'
import type { Check } from '../check/check.js'
import { singleLine } from '../check/wording.js'
import { linesOf } from '../facts/log-lines.js'

/** Events that were not passed to another system. They are in the records and are not passed again. */
export const propagationErrors: Check = {
  id: 'propagation-errors',
  run: async (context) => {
    const lines = await linesOf(context, PROPAGATION_ERRORS_PATH)
    const last = lines.at(-1)
    if (last === undefined) return []
    const message = `${lines.length === 1 ? 'An event was' : `${lines.length} events were`} not passed to another system; the last error: ${singleLine(last.text)}. The records have all events; delete this log once that is resolved.`
    return [
      {
        id: propagationErrors.id,
        severity: 'warning',
        path: PROPAGATION_ERRORS_PATH,
        message,
        fixable: false,
        next: [],
      },
    ]
  },
}
