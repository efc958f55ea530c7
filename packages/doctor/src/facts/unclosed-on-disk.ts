import { readBlobs } from '@kitty/git-commit/inspect'
import { type OpId, parseOpRecord } from '@kitty/record'
import { readRecord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import { memoized } from '../check/memo.js'
import { headOf, type InHead, placesInHead } from './head.js'
import { visitRecordsWith } from './record-pass.js'

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

const candidatesFor = async (context: CheckContext): Promise<readonly UnclosedRecord[]> => {
  const candidates: UnclosedRecord[] = []
  await visitRecordsWith(
    context,
    () => headOf(context),
    (found, head) => {
      if ('error' in found || found.record.status === 'closed') return
      const { id, path, bytes } = found
      const [inHead] = head === undefined ? [] : placesInHead(head, id)
      if (inHead !== undefined) candidates.push({ id, path, bytes, inHead })
    },
  )
  return candidates
}

const describeUnclosed = (
  { bytes, inHead, ...op }: UnclosedRecord,
  committed: Buffer | undefined,
): UnclosedInHead => ({
  ...op,
  inHead: { ...inHead, status: committed && parseOpRecord(committed, { opId: op.id }).status },
  isBeginning: committed?.subarray(0, bytes.length).equals(bytes) ?? false,
})

/** Every such Op. Empty outside git. */
export const unclosedInHead = memoized(async (context): Promise<readonly UnclosedInHead[]> => {
  const candidates = await candidatesFor(context)
  const ids = candidates.map(({ inHead }) => inHead.blob)
  const blobs = await readBlobs(context.ops.root, ids)
  // It may have been closed and committed during the run.
  const now = await mapConcurrent(candidates, CONCURRENCY, ({ id }) =>
    readRecord(context.ops.root, id),
  )
  return candidates.flatMap((op, number) =>
    now[number]?.record.status === 'closed'
      ? []
      : [describeUnclosed(op, blobs.get(op.inHead.blob))],
  )
})

/**
 * Returns those that HEAD has as closed, and where: they must not be closed again. Empty if git cannot read
 * HEAD.
 */
export const closedInHead = async (context: CheckContext): Promise<ReadonlyMap<OpId, string>> => {
  const unclosed = await unclosedInHead(context).catch(() => [])
  const closed = unclosed.filter(({ inHead }) => inHead.status === 'closed')
  return new Map(closed.map(({ id, inHead }) => [id, inHead.path]))
}
