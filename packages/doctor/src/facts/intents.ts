import type { OpId } from '@kitty/record'
import type { CloseIntent } from '@kitty/writer'
import { memoized } from '../check/memo.js'

/** The marks of closes that have begun and are not committed yet. */
export const marksOf = memoized(async ({ ops }): Promise<ReadonlyMap<OpId, CloseIntent>> => {
  const marks = await ops.pending()
  return new Map(marks.map((mark) => [mark.invocation_id, mark]))
})
