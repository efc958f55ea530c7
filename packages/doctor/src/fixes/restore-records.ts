import type { CheckContext, Fix, FixOutcome } from '../check/check.js'
import { opIdsOf } from '../check/finding.js'
import { isSkipped, restoreRecords } from '../restore/restore-record.js'
import { storedCopies } from '../restore/sources.js'

/** Restores records from git and from intents; overwrites none. */
export const restoreRecordsFix: Fix = {
  plan: (finding) => `Would restore ${opIdsOf(finding).length} from git.`,
  apply: async (finding, context: CheckContext): Promise<FixOutcome> => {
    const results = await restoreRecords(context, await storedCopies(context, opIdsOf(finding)))
    const skipped = results.filter(isSkipped)
    const done = `Restored ${results.length - skipped.length} of ${results.length} from git.`
    const [first] = skipped
    if (first === undefined) return { done: true, message: done }
    return { done: false, message: `${done} ${first.message}` }
  },
}
