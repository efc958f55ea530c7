import { readBlobs } from '@kitty/git-commit/inspect'
import { type OpId, parseOpRecord } from '@kitty/record'
import { readRecord } from '@kitty/writer/internals'
import { defineFact } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { headOf, type InHead, placesInHead } from './head.js'
import { visitWith } from './record-pass.js'

/** An Op whose record on disk is not closed, and which is also in HEAD. */
export type UnclosedInHead = {
  readonly id: OpId
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly inHead: {
    readonly path: string
    readonly blob: string
    /** `undefined` if the blob is not in this clone. */
    readonly status: 'open' | 'closed' | 'unreadable' | undefined
  }
  /** Whether HEAD's record begins with the file on disk, so that only the end is missing. */
  readonly isBeginning: boolean
}

type UnclosedRecord = { id: OpId; path: string; bytes: Buffer; inHead: InHead }

const CONCURRENCY = 32

const describeUnclosed = (
  { bytes, inHead, ...op }: UnclosedRecord,
  committed: Buffer | undefined,
): UnclosedInHead => ({
  ...op,
  inHead: { ...inHead, status: committed && parseOpRecord(committed, { opId: op.id }).status },
  isBeginning: committed?.subarray(0, bytes.length).equals(bytes) ?? false,
})

const visit = visitWith(headOf, (found, head): UnclosedRecord | undefined => {
  if (!found.ok || found.isSound || found.record.status === 'closed') return undefined
  const { id, path, bytes } = found
  const [inHead] = head === undefined ? [] : placesInHead(head, id)
  return inHead && { id, path, bytes, inHead }
})

/** Every such Op. Empty outside git. */
export const unclosedInHead = defineFact({
  visit,
  value: async (candidates, _, { ops: { root } }): Promise<readonly UnclosedInHead[]> => {
    const ids = candidates.map(({ inHead }) => inHead.blob)
    const blobs = await readBlobs(root, ids)
    // It may have been closed and committed during the run.
    const now = await mapConcurrent(candidates, CONCURRENCY, ({ id }) => readRecord(root, id))
    return candidates.flatMap((op, number) =>
      now[number]?.record.status === 'closed'
        ? []
        : [describeUnclosed(op, blobs.get(op.inHead.blob))],
    )
  },
})

/**
 * Those that HEAD has as closed, and where: they must not be closed again. Empty if git cannot read HEAD.
 */
export const closedInHead = defineFact({
  needs: { unclosed: unclosedInHead },
  value: async (_, facts): Promise<ReadonlyMap<OpId, string>> => {
    const unclosed = await facts.unclosed().catch(() => [])
    const closed = unclosed.filter(({ inHead }) => inHead.status === 'closed')
    return new Map(closed.map(({ id, inHead }) => [id, inHead.path]))
  },
})
