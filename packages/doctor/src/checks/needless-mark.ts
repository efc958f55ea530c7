import { hasLiveOwner, intentPath } from '@kitty/writer'
import type { Check, CheckContext } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { headOf, isInHead } from '../facts/head.js'
import { intentsOf } from '../facts/intents.js'
import { commitAgain } from '../fixes/commit-again.js'

const needless = async (context: CheckContext) => {
  const intents = [...(await intentsOf(context)).values()].filter((intent) => !hasLiveOwner(intent))
  const head = intents.length === 0 ? undefined : await headOf(context)
  return intents.flatMap(({ invocation_id: id, bytes }) =>
    head !== undefined && isInHead(head, id, bytes) ? [{ id, path: intentPath(id) }] : [],
  )
}

const WAY = 'The next commit clears it up. To do so now: spec-kitty doctor ops --fix'

/** Marks of Ops that are committed already, as a crash right after the commit leaves them. */
export const needlessIntent: Check = {
  id: 'needless-mark',
  run: async (context) =>
    findingAbout(await needless(context), {
      id: needlessIntent.id,
      severity: 'info',
      fixable: context.ops.strategyName !== 'none',
      one: (path) => `The state folder holds ${path} for an Op that is committed already. ${WAY}`,
      many: (count) =>
        `The state folder holds marks for ${count} Ops that are committed already. ${WAY}`,
    }),
  fix: commitAgain,
}
