import { recordsInHead } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { type CheckContext, defineFact } from '../check/check.js'
import type { StatusInHead } from './head.js'
import { hasBytes, headOf, type InHead, isInHead, placesInHead, statusesInHead } from './head.js'
import { visitWith } from './record-pass.js'

/** An Op that is closed on disk, and in HEAD absent or different. */
export type DiffersFromHead = {
  readonly id: OpId
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly bytes: Buffer
  /** Where HEAD has it, and its status there. */
  readonly inHead?: { readonly path: string; readonly status: StatusInHead }
}

type DifferingRecord = Omit<DiffersFromHead, 'inHead'> & { readonly inHead?: InHead }

/** Drops those that were committed during the run. */
const stillDifferent = async (
  { ops }: CheckContext,
  candidates: readonly DifferingRecord[],
): Promise<readonly DifferingRecord[]> => {
  const head = candidates.length === 0 ? undefined : await recordsInHead(ops.root)
  return candidates.filter(({ id, bytes }) => head !== undefined && !isInHead(head, id, bytes))
}

const visit = visitWith(headOf, (found, head): DifferingRecord | undefined => {
  if (!found.ok) return undefined
  // With `op-closures.jsonl`, its record is not the closed one, and stays as it is.
  const isClosed = found.isSound || (found.record.status === 'closed' && !found.record.beside)
  if (!isClosed) return undefined
  const { id, path } = found
  // Committed where it is, even in the wrong place (see `misplaced-record`), or in the other right one.
  if (head === undefined || hasBytes(head, path, found) || isInHead(head, id, found)) {
    return undefined
  }
  const [inHead] = placesInHead(head, id)
  return { id, path, bytes: found.bytes, ...(inHead && { inHead }) }
})

/** Every closed record that HEAD does not have with the same bytes. Empty outside git. */
export const differsFromHead = defineFact({
  visit,
  value: async (found, _, context): Promise<readonly DiffersFromHead[]> => {
    const candidates = await stillDifferent(context, found)
    const wanted = candidates.flatMap(({ id, inHead }) => (inHead ? [{ id, ...inHead }] : []))
    const statuses = await statusesInHead(context, wanted)
    return candidates.map(({ inHead, ...rest }) => {
      if (inHead === undefined) return rest
      const status = statuses.get(inHead.blob) ?? 'unknown'
      return { ...rest, inHead: { path: inHead.path, status } }
    })
  },
})
