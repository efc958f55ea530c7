import { formatOpCommitMessage, type OpId, parseOpRecord } from '@kitty/record'
import { isOwnFile } from '../content/evidence-paths.js'
import type { CommitRequest, CommitResult, CommitStrategy } from '../ports/commit-strategy.js'
import { recordPath } from '../project/paths.js'
import { type ClosedOpFile, isClosedFile, type OpFile } from '../records/record-file.js'
import type { CloseIntent } from '../state/intent.js'
import { callStrategy } from './call-strategy.js'
import { withLedgerResult } from './ledger-result.js'

/** The record of an intent, as if it were on disk. */
export const fileOf = (id: OpId, bytes: Buffer): OpFile => ({
  record: parseOpRecord(bytes, { opId: id }),
  bytes,
  path: recordPath(id),
})

/** The request for a ledger to take an Op that need not be on disk. */
export const ledgerRequest = (
  root: string,
  intent: CloseIntent,
  { record, path, bytes }: ClosedOpFile,
): CommitRequest => ({
  kind: 'op',
  message: formatOpCommitMessage(record),
  record: { path, bytes, parsed: record },
  extras: intent.evidence.filter((evidence) => isOwnFile(root, evidence)),
  durability: intent.durability,
})

/**
 * Adds Ops that a branch has, but not this work tree, to the ledger, if the strategy has one: their commit does not show
 * whether the ledger took them. Returns the result of each. Never throws.
 */
export const alsoInLedger = async (
  { root, strategy }: { readonly root: string; readonly strategy: CommitStrategy },
  ops: readonly { readonly intent: CloseIntent; readonly result: CommitResult }[],
): Promise<ReadonlyMap<OpId, CommitResult>> => {
  const results = new Map(ops.map(({ intent, result }) => [intent.id, result] as const))
  const { ledger } = strategy
  if (ledger === undefined) return results
  const requests = ops.flatMap(({ intent, result }) => {
    const file = fileOf(intent.id, intent.bytes)
    return isClosedFile(file)
      ? [{ id: intent.id, result, request: ledgerRequest(root, intent, file) }]
      : []
  })
  const added = await callStrategy(
    ledger,
    root,
    requests.map(({ request }) => request),
  )
  for (const [number, { id, result }] of requests.entries()) {
    results.set(id, withLedgerResult(result, added[number]))
  }
  return results
}
