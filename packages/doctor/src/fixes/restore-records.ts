import type { CheckContext, MendResult, Remedy } from '../check/check.js'
import { opIdsOf } from '../check/finding.js'
import { bringAllBack, isLeft } from '../restore/restore-record.js'
import { keptRecords } from '../restore/sources.js'

/** Brings records back from git and from marks; overwrites none. */
export const restoreRecords: Remedy = {
  plan: (finding) => `Would bring back ${opIdsOf(finding).length} from git.`,
  apply: async (finding, context: CheckContext): Promise<MendResult> => {
    const results = await bringAllBack(context, await keptRecords(context, opIdsOf(finding)))
    const left = results.filter(isLeft)
    const done = `Brought back ${results.length - left.length} of ${results.length} from git.`
    const [first] = left
    if (first === undefined) return { done: true, message: done }
    return { done: false, message: `${done} ${first.message} ${first.hint}` }
  },
}
