import {
  isBlob,
  type Ledger,
  listLedgers,
  readOwnLedger,
  recordsInLedger,
} from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'

/** The ledger that this clone writes; `undefined` outside git and before its first Op. */
export const ownLedger = memoized(({ ops }) => readOwnLedger(ops.root))

/** All ledgers in this repository, the own one first. Empty outside git. */
export const ledgersOf = memoized(({ ops }) => listLedgers(ops.root))

/** A ledger, and the blobs of its records by Op. */
export type LedgerRecords = {
  readonly ledger: Ledger
  readonly records: ReadonlyMap<OpId, string>
}

const CONCURRENCY = 8

/** The records in all ledgers, the own one first. Leaves out a damaged ledger: `ledger-damaged` reports it. */
export const ledgerRecords = memoized(async (context): Promise<readonly LedgerRecords[]> => {
  const ledgers = await ledgersOf(context)
  const all = await mapConcurrent(ledgers, CONCURRENCY, async (ledger) => {
    const records = await recordsInLedger(context.ops.root, ledger).catch(() => undefined)
    return records === undefined ? [] : [{ ledger, records }]
  })
  return all.flat()
})

/** The blobs of the records in the own ledger, by Op. Empty if there is none; `ledger-damaged` reports why it cannot be read. */
export const ownRecords = memoized(async (context): Promise<ReadonlyMap<OpId, string>> => {
  const ledger = await ownLedger(context)
  if (ledger?.tip === undefined) return new Map()
  const { ref, tip } = ledger
  return recordsInLedger(context.ops.root, { ref, tip }).catch(() => new Map())
})

/** Returns a test whether the own ledger holds exactly these bytes as the record of an Op. */
export const heldByLedger = async (
  context: CheckContext,
): Promise<(id: OpId, bytes: Buffer) => boolean> => {
  const records = await ownRecords(context)
  return (id, bytes) => {
    const blob = records.get(id)
    return blob !== undefined && isBlob(blob, bytes)
  }
}
