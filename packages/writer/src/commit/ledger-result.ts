import type { CommitResult, LedgerResult } from '../ports/commit-strategy.js'

const ledgerResult = (result: CommitResult): LedgerResult | undefined => {
  switch (result.status) {
    case 'skipped':
      return undefined
    case 'committed':
      return { status: 'committed', sha: result.sha }
    case 'deferred':
      return result
    default: {
      const { code, message, hint } = result
      const reason = code.toLowerCase().replaceAll('_', '-')
      return { status: 'failed', reason, message, ...(hint !== undefined && { hint }) }
    }
  }
}

const notesOf = (result: CommitResult): readonly string[] =>
  result.status === 'committed' ? (result.notes ?? []) : []

const withNotes = (result: CommitResult, notes: readonly string[]): CommitResult =>
  result.status === 'committed' && notes.length > 0
    ? { ...result, notes: [...notesOf(result), ...notes] }
    : result

/** Adds what the ledger says about a request, if it says something, to the result of the branch. */
export const withLedgerResult = (
  result: CommitResult,
  added: CommitResult | undefined,
): CommitResult => {
  const ledger = added && ledgerResult(added)
  if (added === undefined || ledger === undefined) return result
  return { ...withNotes(result, notesOf(added)), ledger }
}
