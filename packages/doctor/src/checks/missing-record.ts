import { aboutOps, opsOf } from '../about-ops.js'
import type { Check, Examination, MendResult, Remedy } from '../check.js'
import { type GoneFromDisk, goneFromDisk } from '../facts/gone-from-disk.js'
import { bringAllBack, isLeft } from '../restore/bring-back.js'
import { keptRecords } from '../restore/source.js'

const BACK = 'To have it back, to the byte: spec-kitty ops restore'

const isMissing = ({ keptOff }: GoneFromDisk): boolean => !keptOff

const restore: Remedy = {
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

/** Records that git has and the disk has lost, as `git clean` or a deletion leaves it. */
export const missingRecord: Check = {
  id: 'missing-record',
  examine: async (at) =>
    aboutOps((await goneFromDisk(at)).filter(isMissing), {
      id: missingRecord.id,
      severity: 'error',
      fixable: true,
      one: (path) => `${path} is in git and gone from disk (deleted, cleaned). ${BACK} --all`,
      many: (count) =>
        `${count} records are in git and gone from disk (deleted, cleaned). ${BACK} --all`,
    }),
  mend: restore,
}
