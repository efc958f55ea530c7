import { readBlobs } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { readRecord } from '@kitty/writer/internals'
import { defineFact } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { ownLedger, ownRecords } from './own-ledger.js'

/** An Op whose record on disk is not closed, and which the own ledger holds: it is closed. What others publish closes none. */
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
    const records = unclosed.length === 0 ? new Map<OpId, string>() : await ownRecords(context)
    const held = unclosed.flatMap((op) => {
      const blob = records.get(op.id)
      return blob === undefined ? [] : [{ ...op, blob }]
    })
    if (held.length === 0) return []
    const ref = (await ownLedger(context))?.ref ?? ''
    const blobs = await readBlobs(
      root,
      held.map(({ blob }) => blob),
    )
    // It may have been closed during the run.
    const now = await mapConcurrent(held, CONCURRENCY, ({ id }) => readRecord(root, id))
    return held.flatMap(({ id, path, bytes, blob }, at) => {
      if (now[at]?.record.status === 'closed') return []
      const isBeginning = blobs.get(blob)?.subarray(0, bytes.length).equals(bytes) ?? false
      return [{ id, path, ref, isBeginning }]
    })
  },
})
