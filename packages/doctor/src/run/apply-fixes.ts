import type { OpId } from '@kitty/record'
import type { Check, Examination, Finding, MendResult, Remedy } from '../check/check.js'
import { inParallel } from '../check/concurrency.js'
import { wordsOf } from '../check/wording.js'
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
const AT_ONCE = 128

const apply = async (remedy: Remedy, finding: Finding, at: Examination): Promise<MendResult> => {
  try {
    return await remedy.apply(finding, at)
  } catch (error) {
    return { done: false, message: `Not mended: ${wordsOf(error)}` }
  }
}

type Work = { readonly finding: Finding; readonly remedy: Remedy }

const mendOne = async (
  { finding, remedy }: Work,
  at: Examination,
  dryRun: boolean,
): Promise<Mended> => {
  const { id, invocation_id } = finding
  const result = dryRun
    ? { done: false, message: remedy.plan(finding, at) }
    : await apply(remedy, finding, at)
  return { id, ...(invocation_id !== undefined && { invocation_id }), ...result }
}

/**
 * Mends what can be mended without a guess, and says of each finding what became of it: check by check in
 * their order, since one may clear the way for the next. Never deletes or rewrites a record. What is left
 * is seen by another examination.
 */
export const mend = async (
  findings: readonly Finding[],
  at: Examination,
  { dryRun = false, checks = CHECKS }: MendOptions = {},
): Promise<readonly Mended[]> => {
  const mended: Mended[] = []
  for (const { id, mend: remedy } of checks) {
    const ours = findings.filter((finding) => finding.id === id && finding.fixable)
    const work = remedy === undefined ? [] : ours.map((finding) => ({ finding, remedy }))
    mended.push(...(await inParallel(work, AT_ONCE, (each) => mendOne(each, at, dryRun))))
  }
  return mended
}
