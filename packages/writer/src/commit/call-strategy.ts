import type { CommitRequest, CommitResult, CommitStrategy } from '../ports/commit-strategy.js'

const STATUSES: ReadonlySet<unknown> = new Set([
  'committed',
  'deferred',
  'refused',
  'skipped',
  'failed',
])

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
      return forAll(`returned ${results.length} results for ${requests.length} requests`)
    }
    return results.map((result) =>
      STATUSES.has(result?.status)
        ? result
        : contractViolation(strategy.name, 'returned a result without a status'),
    )
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
