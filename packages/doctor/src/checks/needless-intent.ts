import { intentPath } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { commitObstacle } from '../facts/commit-obstacle.js'
import { committedIntents } from '../facts/committed-intents.js'
import { commitAgain } from '../fixes/commit-again.js'

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const { needless } = await committedIntents(context)
  const found = needless.map(({ id }) => ({ id, path: intentPath(id) }))
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
