// Pushes a part of a ledger. If the server refuses it, finds the first commit that it refuses: what comes before is
// published, and the records of that commit are named.

import type { OpId } from '@kitty/record'
import type { Unpublished } from './history.js'
import { findNewRecords } from './new-records.js'
import { type Pushed, pushRef } from './push-ref.js'
import type { SyncPlace } from './sync-place.js'

/** What became of a part of a ledger. */
export type PushedHistory = {
  /** The last commit that the server took; `undefined` if it took none. */
  readonly upTo: string | undefined
  readonly result: Pushed
  /** The Ops whose records are in the first commit that the server refuses. */
  readonly refusedOps: readonly OpId[]
  /** Whether the server refuses even the oldest commit, and perhaps all. */
  readonly isFirst: boolean
}

const isRefusal = (result: Pushed): boolean =>
  result.kind === 'failed' && result.reason === 'refused'

/** The Ops that one commit adds. Those that the server's words name, if it names some. */
const opsOf = async (
  { cwd }: SyncPlace,
  from: string | undefined,
  to: string,
  words: string,
): Promise<readonly OpId[]> => {
  const found = await findNewRecords(cwd, [{ writer: '', from, to }])
  const records = [...(found.get('')?.records ?? [])]
  const named = records.filter(([id, blob]) => words.includes(id) || words.includes(blob))
  return (named.length > 0 ? named : records).map(([id]) => id).toSorted()
}

/** Searches by halves: all before `low` were taken, and `high` was refused. */
const firstRefused = async (
  place: SyncPlace,
  ref: string,
  commits: readonly string[],
  refused: Pushed,
): Promise<{ readonly at: number; readonly result: Pushed; readonly isRefusal: boolean }> => {
  let [low, high, last] = [0, commits.length - 1, refused]
  // The oldest first: a server that refuses all of them is found with one try.
  for (let next = 0; low < high; next = Math.floor((low + high) / 2)) {
    const tried = await pushRef(place, commits[next] ?? '', ref)
    if (tried.kind === 'done' || tried.kind === 'same') low = next + 1
    else if (isRefusal(tried)) [high, last] = [next, tried]
    else return { at: low, result: tried, isRefusal: false }
  }
  return { at: low, result: last, isRefusal: true }
}

/** Pushes what the server lacks of a ledger. Throws as `pushRef` does. */
export const pushHistory = async (
  place: SyncPlace,
  ref: string,
  { commits, base }: Unpublished,
): Promise<PushedHistory> => {
  const tip = commits.at(-1) ?? ''
  const result = await pushRef(place, tip, ref)
  if (!isRefusal(result)) {
    const upTo = result.kind === 'done' ? tip : undefined
    return { upTo, result, refusedOps: [], isFirst: false }
  }
  const found = await firstRefused(place, ref, commits, result)
  const upTo = commits[found.at - 1]
  if (!found.isRefusal) return { upTo, result: found.result, refusedOps: [], isFirst: false }
  const words = found.result.kind === 'failed' ? found.result.words : ''
  const refusedOps = await opsOf(place, upTo ?? base, commits[found.at] ?? '', words)
  return { upTo, result: found.result, refusedOps, isFirst: upTo === undefined }
}
