import type { CommitRequest, CommitResult, CommitStrategy } from '../ports/commit-strategy.js'

const STATUSES: ReadonlySet<unknown> = new Set([
  'committed',
  'deferred',
  'refused',
  'skipped',
  'failed',
])

const broken = (name: string, what: string): CommitResult => ({
  status: 'failed',
  code: 'STRATEGY_BROKEN',
  message: `The strategy "${name}" ${what}.`,
  hint: 'This is a bug in the commit strategy. The Ops stay pending.',
})

/** Asks a strategy, and holds it to one answer for each request. Never throws. */
export const askStrategy = async (
  strategy: CommitStrategy,
  requests: readonly CommitRequest[],
): Promise<readonly CommitResult[]> => {
  if (requests.length === 0) return []
  const forAll = (what: string) => requests.map(() => broken(strategy.name, what))
  try {
    const results = await strategy.commit(requests)
    if (results.length !== requests.length) {
      return forAll(`gave ${results.length} results for ${requests.length} requests`)
    }
    return results.map((result) =>
      STATUSES.has(result?.status) ? result : broken(strategy.name, 'gave a result without status'),
    )
  } catch (error) {
    return forAll(`threw: ${String(error)}`)
  }
}
