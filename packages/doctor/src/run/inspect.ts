import { checkoutVersion } from '@kitty/git-commit/inspect'
import type { Check, CheckContext } from '../check/check.js'
import { LONGEST_WAIT_MS, lockOfGit, waitForGit } from '../facts/git-at-work.js'
import { type Inspection, runChecks } from './run-checks.js'

/** How often the checks run if git changes something each time. Other agents can close Ops all the time. */
const MOST_LOOKS = 3

/** Whether nothing was found that git's work could explain. */
const isSure = ({ findings }: Inspection): boolean =>
  findings.every(({ severity, fixable }) => severity === 'info' && !fixable)

/** What was found, and in which context. */
type Look = {
  readonly context: CheckContext
  readonly inspection: Inspection
  /** The lock of git if it is still at work, so that nothing can be fixed. */
  readonly lock?: string
}

/**
 * Runs the checks while git is at rest, if it is in time; if they find something, again if git has changed the index or
 * HEAD meanwhile. Each look has a context of its own.
 */
export const inspect = async (
  root: string,
  newContext: () => CheckContext,
  checks: readonly Check[],
): Promise<Look> => {
  for (let looks = 1; ; looks += 1) {
    await waitForGit(root, looks > 1)
    const before = await checkoutVersion(root)
    const context = newContext()
    const look = { context, inspection: await runChecks(context, checks) }
    if (isSure(look.inspection)) return look
    const lock = await lockOfGit(root)
    const isUnchanged = lock === undefined && (await checkoutVersion(root)) === before
    if (isUnchanged) return look
    const isLast = looks === MOST_LOOKS || (lock && Date.now() - lock.since > LONGEST_WAIT_MS)
    if (isLast) return { ...look, ...(lock && { lock: lock.path }) }
  }
}
