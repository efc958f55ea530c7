import { readBlobs } from '@kitty/git-commit'
import { type OpId, parseOpRecord } from '@kitty/record'
import { readRecord } from '@kitty/writer'
import type { Examination } from '../check/check.js'
import { inParallel } from '../check/concurrency.js'
import { sharedFact } from '../check/memo.js'
import { headOf, type InHead, placesInHead } from './head.js'
import { eachRecordKnowing } from './record-pass.js'

/** An Op whose record on disk is not closed, and which HEAD has too. */
export type UnclosedInHead = {
  readonly id: OpId
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly inHead: {
    readonly path: string
    readonly blob: string
    /** Undefined where the blob is not in this clone. */
    readonly status: 'open' | 'closed' | 'unreadable' | undefined
  }
  /** Whether HEAD's record begins with what is on disk, so that nothing but its end is missing. */
  readonly isBeginning: boolean
}

type Candidate = { id: OpId; path: string; bytes: Buffer; inHead: InHead }

const AT_ONCE = 32

const candidatesFor = async (at: Examination): Promise<readonly Candidate[]> => {
  const candidates: Candidate[] = []
  await eachRecordKnowing(
    at,
    () => headOf(at),
    (found, head) => {
      if ('error' in found || found.record.status === 'closed') return
      const { id, path, bytes } = found
      const [inHead] = head === undefined ? [] : placesInHead(head, id)
      if (inHead !== undefined) candidates.push({ id, path, bytes, inHead })
    },
  )
  return candidates
}

const judge = (
  { bytes, inHead, ...op }: Candidate,
  committed: Buffer | undefined,
): UnclosedInHead => ({
  ...op,
  inHead: { ...inHead, status: committed && parseOpRecord(committed, { opId: op.id }).status },
  isBeginning: committed?.subarray(0, bytes.length).equals(bytes) ?? false,
})

/** Every such Op. None outside git. */
export const unclosedInHead = sharedFact(async (at): Promise<readonly UnclosedInHead[]> => {
  const candidates = await candidatesFor(at)
  const ids = candidates.map(({ inHead }) => inHead.blob)
  const blobs = await readBlobs(at.ops.root, ids)
  // One that was closed and committed while we looked is in order.
  const now = await inParallel(candidates, AT_ONCE, ({ id }) => readRecord(at.ops.root, id))
  return candidates.flatMap((op, number) =>
    now[number]?.record.status === 'closed' ? [] : [judge(op, blobs.get(op.inHead.blob))],
  )
})

/**
 * Those that HEAD has as closed, and where; to close them again would make things worse. Where git cannot say what
 * it has, nothing is known to be closed there.
 */
export const closedInHead = async (at: Examination): Promise<ReadonlyMap<OpId, string>> => {
  const unclosed = await unclosedInHead(at).catch(() => [])
  const closed = unclosed.filter(({ inHead }) => inHead.status === 'closed')
  return new Map(closed.map(({ id, inHead }) => [id, inHead.path]))
}
