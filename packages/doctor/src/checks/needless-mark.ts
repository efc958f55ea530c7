import { hasLiveOwner, intentPath } from '@kitty/writer'
import type { Check, Examination } from '../check/check.js'
import { aboutOps } from '../check/finding.js'
import { headOf, isInHead } from '../facts/head.js'
import { marksOf } from '../facts/intents.js'
import { commitAgain } from '../fixes/commit-again.js'

const needless = async (at: Examination) => {
  const marks = [...(await marksOf(at)).values()].filter((mark) => !hasLiveOwner(mark))
  const head = marks.length === 0 ? undefined : await headOf(at)
  return marks.flatMap(({ invocation_id: id, bytes }) =>
    head !== undefined && isInHead(head, id, bytes) ? [{ id, path: intentPath(id) }] : [],
  )
}

const WAY = 'The next commit clears it up. To do so now: spec-kitty doctor ops --fix'

/** Marks of Ops that are committed already, as a crash right after the commit leaves them. */
export const needlessMark: Check = {
  id: 'needless-mark',
  examine: async (at) =>
    aboutOps(await needless(at), {
      id: needlessMark.id,
      severity: 'info',
      fixable: at.ops.strategyName !== 'none',
      one: (path) => `The state folder holds ${path} for an Op that is committed already. ${WAY}`,
      many: (count) =>
        `The state folder holds marks for ${count} Ops that are committed already. ${WAY}`,
    }),
  mend: commitAgain,
}
