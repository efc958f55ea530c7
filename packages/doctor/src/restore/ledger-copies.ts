import { type LedgerCopy, listLedgers, readLedgers } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { CheckContext } from '../check/check.js'

/** What the ledgers have of Ops: their copies, the one that counts first, and the Ops that were erased on purpose. */
export type LedgerCopies = {
  readonly copies: ReadonlyMap<OpId, readonly LedgerCopy[]>
  readonly erased: ReadonlySet<OpId>
}

/** Reads what the ledgers have of these Ops, or of all. */
export const readLedgerCopies = async (
  { ops }: CheckContext,
  ids?: readonly OpId[],
): Promise<LedgerCopies> => {
  if (ids?.length === 0) return { copies: new Map(), erased: new Set() }
  return readLedgers(ops.root, await listLedgers(ops.root), ids && { ids })
}
