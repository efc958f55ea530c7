import { recordsInHead } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import { type CheckContext, defineFact, type VisitedRecord } from '../check/check.js'
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

const differing = (
  found: VisitedRecord,
  head: ReadonlyMap<string, string> | undefined,
): readonly DifferingRecord[] => {
  if ('error' in found || found.record.status !== 'closed') return []
  const { id, path, bytes } = found
  if (head === undefined || isInHead(head, id, bytes)) return []
  // Committed in the wrong place: see `misplaced-record`.
  if (hasBytes(head, path, bytes)) return []
  const [inHead] = placesInHead(head, id)
  return [{ id, path, bytes, ...(inHead && { inHead }) }]
}

/** Drops those that were committed during the run. */
const stillDifferent = async (
  { ops }: CheckContext,
  candidates: readonly DifferingRecord[],
): Promise<readonly DifferingRecord[]> => {
  const head = candidates.length === 0 ? undefined : await recordsInHead(ops.root)
  return candidates.filter(({ id, bytes }) => head !== undefined && !isInHead(head, id, bytes))
}

const withStatus = async (
  context: CheckContext,
  candidates: readonly DifferingRecord[],
): Promise<readonly DiffersFromHead[]> => {
  const wanted = candidates.flatMap(({ id, inHead }) => (inHead ? [{ id, ...inHead }] : []))
  const statuses = await statusesInHead(context, wanted)
  return candidates.map(({ inHead, ...rest }) => {
    if (inHead === undefined) return rest
    const status = statuses.get(inHead.blob) ?? 'unknown'
    return { ...rest, inHead: { path: inHead.path, status } }
  })
}

/** Every closed record that HEAD does not have with the same bytes. Empty outside git. */
export const differsFromHead = defineFact({
  collect: (context) => {
    const candidates: DifferingRecord[] = []
    return {
      visit: visitWith(
        () => headOf(context),
        (found, head) => void candidates.push(...differing(found, head)),
      ),
      value: async () => withStatus(context, await stillDifferent(context, candidates)),
    }
  },
})
