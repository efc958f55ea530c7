import type { OpId } from '@kitty/record'
import type { Check, CheckContext, Finding, MendResult, Remedy } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { describeError } from '../check/wording.js'
import { CHECKS } from '../checks/registry.js'

/** What became of a finding that was to be mended. */
export type Mended = MendResult & {
  /** The check that found it. */
  readonly id: string
  readonly invocation_id?: OpId
}

export type MendOptions = {
  /** Only say what would be done. */
  readonly dryRun?: boolean
  readonly checks?: readonly Check[]
}

// Many at once, so that they are committed in one group.
const CONCURRENCY = 128

const apply = async (
  remedy: Remedy,
  finding: Finding,
  context: CheckContext,
): Promise<MendResult> => {
  try {
    return await remedy.apply(finding, context)
  } catch (error) {
    return { done: false, message: `Not mended: ${describeError(error)}` }
  }
}

type Work = { readonly finding: Finding; readonly remedy: Remedy }

const mendOne = async (
  { finding, remedy }: Work,
  context: CheckContext,
  dryRun: boolean,
): Promise<Mended> => {
  const { id, invocation_id } = finding
  const result = dryRun
    ? { done: false, message: remedy.plan(finding, context) }
    : await apply(remedy, finding, context)
  return { id, ...(invocation_id !== undefined && { invocation_id }), ...result }
}

/**
 * Mends what can be mended without a guess, and says of each finding what became of it: check by check in
 * their order, since one may clear the way for the next. Never deletes or rewrites a record. What is left
 * is seen by another examination.
 */
export const mend = async (
  findings: readonly Finding[],
  context: CheckContext,
  { dryRun = false, checks = CHECKS }: MendOptions = {},
): Promise<readonly Mended[]> => {
  const mended: Mended[] = []
  for (const { id, mend: remedy } of checks) {
    const ours = findings.filter((finding) => finding.id === id && finding.fixable)
    const work = remedy === undefined ? [] : ours.map((finding) => ({ finding, remedy }))
    mended.push(
      ...(await mapConcurrent(work, CONCURRENCY, (each) => mendOne(each, context, dryRun))),
    )
  }
  return mended
}
