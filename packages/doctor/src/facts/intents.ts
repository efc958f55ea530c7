import type { OpId } from '@kitty/record'
import type { CloseIntent } from '@kitty/writer'
import { memoized } from '../check/memo.js'

/** The intents of closes that have begun and are not committed yet. */
export const intentsOf = memoized(async ({ ops }): Promise<ReadonlyMap<OpId, CloseIntent>> => {
  const intents = await ops.pending()
  return new Map(intents.map((intent) => [intent.invocation_id, intent]))
})
