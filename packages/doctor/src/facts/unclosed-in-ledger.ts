import { readBlobs } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { readRecord } from '@kitty/writer/internals'
import { defineFact } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { ledgerRecords } from './own-ledger.js'

/** An Op whose record on disk is not closed, and which a ledger holds: it is closed. */
export type UnclosedInLedger = {
  readonly id: OpId
  /** Relative to the root, with `/`. */
  readonly path: string
  /** The ref of the ledger. */
  readonly ref: string
  /** Whether the ledger's record begins with the file on disk, so that only the end is missing. */
  readonly isBeginning: boolean
}

const CONCURRENCY = 32

/** Every such Op: its work tree was away while it was closed, or its file was put back. */
export const unclosedInLedger = defineFact({
  visit: (found) =>
    !found.ok || found.isSound || found.record.status === 'closed'
      ? undefined
      : { id: found.id, path: found.path, bytes: found.bytes },
  value: async (unclosed, _, context): Promise<readonly UnclosedInLedger[]> => {
    const { root } = context.ops
    const ledgers = unclosed.length === 0 ? [] : await ledgerRecords(context)
    const held = unclosed.flatMap((op) =>
      ledgers.flatMap(({ ledger: { ref }, records }) => {
        const blob = records.get(op.id)
        return blob === undefined ? [] : [{ ...op, ref, blob }]
      }),
    )
    const blobs = await readBlobs(
      root,
      held.map(({ blob }) => blob),
    )
    // It may have been closed during the run.
    const now = await mapConcurrent(held, CONCURRENCY, ({ id }) => readRecord(root, id))
    const found = held.flatMap(({ id, path, ref, bytes, blob }, at) => {
      if (now[at]?.record.status === 'closed') return []
      const isBeginning = blobs.get(blob)?.subarray(0, bytes.length).equals(bytes) ?? false
      return [[id, { id, path, ref, isBeginning }] as const]
    })
    // The own ledger comes first.
    return [...new Map(found.toReversed()).values()].toReversed()
  },
})
