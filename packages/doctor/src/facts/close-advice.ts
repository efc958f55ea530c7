import type { CheckContext, Finding } from '../check/check.js'
import { closedInHead } from './unclosed-on-disk.js'

/** What a finding says of an open Op whose record is damaged; its next step is `close`. */
export const STILL_OPEN = 'The Op is open and can still be closed.'

/** Replaces `close` with checking out HEAD's record, which is complete, if HEAD has the Op as closed. */
export const unlessClosedInHead = async (
  context: CheckContext,
  running: Promise<readonly Finding[]>,
): Promise<readonly Finding[]> => {
  const [findings, closed] = await Promise.all([running, closedInHead(context)])
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
