import { hasLiveOwner, intentPath } from '@kitty/writer'
import type { Check, CheckContext } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { headOf, isInHead } from '../facts/head.js'
import { marksOf } from '../facts/intents.js'
import { commitAgain } from '../fixes/commit-again.js'

const needless = async (context: CheckContext) => {
  const marks = [...(await marksOf(context)).values()].filter((mark) => !hasLiveOwner(mark))
  const head = marks.length === 0 ? undefined : await headOf(context)
  return marks.flatMap(({ invocation_id: id, bytes }) =>
    head !== undefined && isInHead(head, id, bytes) ? [{ id, path: intentPath(id) }] : [],
  )
}

const WAY = 'The next commit clears it up. To do so now: spec-kitty doctor ops --fix'

/** Marks of Ops that are committed already, as a crash right after the commit leaves them. */
export const needlessMark: Check = {
  id: 'needless-mark',
  run: async (context) =>
    findingAbout(await needless(context), {
      id: needlessMark.id,
      severity: 'info',
      fixable: context.ops.strategyName !== 'none',
      one: (path) => `The state folder holds ${path} for an Op that is committed already. ${WAY}`,
      many: (count) =>
        `The state folder holds marks for ${count} Ops that are committed already. ${WAY}`,
    }),
  fix: commitAgain,
}
