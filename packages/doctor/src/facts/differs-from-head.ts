import { recordsInHead } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'
import type { StatusInHead } from './head.js'
import { hasBytes, headOf, type InHead, isInHead, placesInHead, statusesInHead } from './head.js'
import { visitRecordsWith } from './record-pass.js'

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

const findCandidates = async (context: CheckContext): Promise<readonly DifferingRecord[]> => {
  const candidates: DifferingRecord[] = []
  await visitRecordsWith(
    context,
    () => headOf(context),
    (found, head) => {
      if ('error' in found || found.record.status !== 'closed') return
      const { id, path, bytes } = found
      if (head === undefined || isInHead(head, id, bytes)) return
      // Committed in the wrong place: see `misplaced-record`.
      if (hasBytes(head, path, bytes)) return
      const [inHead] = placesInHead(head, id)
      candidates.push({ id, path, bytes, ...(inHead && { inHead }) })
    },
  )
  return candidates
}

/** Drops those that were committed during the run. */
const stillDifferent = async (context: CheckContext): Promise<readonly DifferingRecord[]> => {
  const candidates = await findCandidates(context)
  const head = candidates.length === 0 ? undefined : await recordsInHead(context.ops.root)
  return candidates.filter(({ id, bytes }) => head !== undefined && !isInHead(head, id, bytes))
}

/** Every closed record that HEAD does not have with the same bytes. Empty outside git. */
export const differsFromHead = memoized(async (context): Promise<readonly DiffersFromHead[]> => {
  const candidates = await stillDifferent(context)
  const wanted = candidates.flatMap(({ id, inHead }) => (inHead ? [{ id, ...inHead }] : []))
  const statuses = await statusesInHead(context, wanted)
  return candidates.map(({ inHead, ...rest }) => {
    if (inHead === undefined) return rest
    return {
      ...rest,
      inHead: { path: inHead.path, status: statuses.get(inHead.blob) ?? 'unknown' },
    }
  })
})
