import type { Examination, MendResult, Remedy } from '../check/check.js'
import { opsOf } from '../check/finding.js'
import { bringAllBack, isLeft } from '../restore/restore-record.js'
import { keptRecords } from '../restore/sources.js'

/** Brings records back from git and from marks; overwrites none. */
export const restoreRecords: Remedy = {
  plan: (finding) => `Would bring back ${opsOf(finding).length} from git.`,
  apply: async (finding, at: Examination): Promise<MendResult> => {
    const results = await bringAllBack(at, await keptRecords(at, opsOf(finding)))
    const left = results.filter(isLeft)
    const done = `Brought back ${results.length - left.length} of ${results.length} from git.`
    const [first] = left
    if (first === undefined) return { done: true, message: done }
    return { done: false, message: `${done} ${first.message} ${first.hint}` }
  },
}
