import type { CheckContext, Fact, Facts, Finding } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { differsInHead } from './head.js'
import type { closedInHead } from './unclosed-on-disk.js'

/** What a finding says of an open Op whose record is damaged; its next step is `close`. */
export const STILL_OPEN = 'The Op is open and can still be closed.'

/** Replaces checking out a record with listing its versions, if HEAD has no other one than the disk. */
const orLog = async (context: CheckContext, step: NextStep): Promise<NextStep> => {
  const { verb, path } = step
  if (verb !== 'git-checkout' || path === undefined) return step
  return (await differsInHead(context, path)) ? step : { verb: 'git-log', path }
}

const withUsefulSteps = async (context: CheckContext, finding: Finding): Promise<Finding> => ({
  ...finding,
  next: await Promise.all(finding.next.map((step) => orLog(context, step))),
})

/**
 * Replaces `close` with checking out HEAD's record, which is complete, if HEAD has the Op as closed; and a checkout
 * that would change nothing with the versions in history.
 */
export const unlessClosedInHead = async (
  context: CheckContext,
  facts: Facts<{ found: Fact<readonly Finding[]>; closed: typeof closedInHead }>,
): Promise<readonly Finding[]> => {
  const [found, closed] = await Promise.all([facts.found(), facts.closed()])
  const findings = await Promise.all(found.map((finding) => withUsefulSteps(context, finding)))
  return findings.map((finding) => {
    const id = finding.invocation_id
    const path = id && closed.get(id)
    if (id === undefined || path === undefined) return finding
    return {
      ...finding,
      message: finding.message.replace(STILL_OPEN, 'HEAD has the Op as closed.'),
      next: finding.next.map((step) =>
        step.verb === 'close' ? { verb: 'git-checkout', path } : step,
      ),
    }
  })
}
