import { hasLiveOwner, intentPath } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { commitObstacle } from '../facts/commit-obstacle.js'
import { headOf, isInHead } from '../facts/head.js'
import { intentsOf } from '../facts/intents.js'
import { commitAgain } from '../fixes/commit-again.js'

const needless = async (context: CheckContext) => {
  const intents = [...(await intentsOf(context)).values()].filter((intent) => !hasLiveOwner(intent))
  const head = intents.length === 0 ? undefined : await headOf(context)
  return intents.flatMap(({ id, bytes }) =>
    head !== undefined && isInHead(head, id, bytes) ? [{ id, path: intentPath(id) }] : [],
  )
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const found = await needless(context)
  if (found.length === 0) return []
  const isOff = context.ops.strategy.commits === false
  const obstacle = await commitObstacle(context)
  const when = isOff ? '' : ' The next commit of an Op removes it.'
  return findingAbout(found, {
    id: needlessIntent.id,
    severity: 'info',
    fixable: !isOff && obstacle === undefined,
    one: `The state folder has an intent for an Op that is already committed.${when}`,
    many: (count) =>
      `The state folder has intents for ${count} Ops that are already committed.${when.replace('it.', 'them.')}`,
    next: () => (isOff ? [] : [...(obstacle?.next ?? []), { verb: 'fix' }]),
  })
}

/** Intents of Ops that are already committed: a crash right after the commit leaves them. */
export const needlessIntent: Check = { id: 'needless-intent', run, fix: commitAgain }
