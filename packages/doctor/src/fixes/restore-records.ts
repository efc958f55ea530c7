import type { CheckContext, Fix, FixOutcome } from '../check/check.js'
import { opIdsOf } from '../check/finding.js'
import { restoreRecords } from '../restore/restore-record.js'
import { storedCopies } from '../restore/sources.js'

/** Restores records from git and from intents; overwrites none. */
export const restoreRecordsFix: Fix = {
  plan: (finding) => `Would restore ${opIdsOf(finding).length} from git.`,
  apply: async (finding, context: CheckContext): Promise<FixOutcome> => {
    const copies = await storedCopies(context, opIdsOf(finding))
    const { restored, left } = await restoreRecords(context, copies)
    const done = `Restored ${restored.length} of ${copies.length} from git.`
    const [first] = left
    if (first === undefined) return { done: true, message: done }
    return { done: false, message: `${done} ${first.message}` }
  },
}
