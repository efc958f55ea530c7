import type { CommitRequest, CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { RESULT_TEXTS } from '../ports/result-texts.js'

/** What is wrong with a result; `undefined` if nothing is. */
const faultIn = (result: CommitResult | undefined): string | undefined => {
  const fields: Readonly<Record<string, unknown>> = { ...result }
  const texts = RESULT_TEXTS.get(fields.status)
  if (texts === undefined) return 'returned a result without a known status'
  const missing = texts.find((name) => typeof fields[name] !== 'string')
  return missing && `returned "${fields.status}" without ${missing}`
}

/** Calls a strategy and enforces one result for each request. Never throws. */
export const callStrategy = async (
  strategy: CommitStrategy,
  root: string,
  requests: readonly CommitRequest[],
): Promise<readonly CommitResult[]> => {
  if (requests.length === 0) return []
  const forAll = (what: string) => requests.map(() => contractViolation(strategy.name, what))
  try {
    const results = await strategy.commit(root, requests)
    if (results.length !== requests.length) {
      return forAll(
        `returned a list of ${results.length} for ${requests.length}, not a result for each request`,
      )
    }
    return results.map((result) => {
      const fault = faultIn(result)
      return fault === undefined ? result : contractViolation(strategy.name, fault)
    })
  } catch (error) {
    return forAll(`threw: ${String(error)}`)
  }
}

const contractViolation = (name: string, what: string): CommitResult => ({
  status: 'failed',
  code: 'STRATEGY_BROKEN',
  message: `The strategy "${name}" ${what}.`,
  hint: 'Report this as a bug in the commit strategy. The Ops stay pending.',
})
