import type { OpId } from '@kitty/record'
import { type Ops, resolveOpId } from '@kitty/writer'
import type { Examination } from './check.js'
import { goneFromDisk, headById } from './facts/gone-from-disk.js'
import { marksOf } from './facts/marks.js'
import { unfinished } from './facts/unfinished.js'
import {
  bringAllBack,
  isLeft,
  isRestored,
  type LeftOp,
  type RestoredOp,
} from './restore/bring-back.js'
import { keptRecords } from './restore/source.js'

export type RestoreOptions = {
  readonly ops: Ops
  /** Ids, or unique beginnings of ids. Without any, every record that is missing is brought back. */
  readonly ids?: readonly string[]
}

/** What came back, and what did not. */
export type RestoreReport = {
  readonly restored: readonly RestoredOp[]
  readonly left: readonly LeftOp[]
}

const allMissing = async (at: Examination): Promise<readonly OpId[]> => {
  const [gone, cutOff] = await Promise.all([goneFromDisk(at), unfinished(at)])
  const inHead = gone.filter(({ keptOff }) => !keptOff).map(({ id }) => id)
  return [...new Set([...inHead, ...cutOff.map(({ mark }) => mark.invocation_id)])].sort()
}

const named = async (at: Examination, ids: readonly string[]): Promise<readonly OpId[]> => {
  const [head, marks] = await Promise.all([headById(at), marksOf(at)])
  const known = [...new Set([...head.keys(), ...marks.keys()])]
  const resolve = async (id: string): Promise<OpId> =>
    known.find((each) => each === id.toUpperCase()) ?? resolveOpId(at.ops.root, id, known)
  const found = await Promise.all(ids.map(resolve))
  return [...new Set(found)]
}

/**
 * Brings missing records back, to the byte: from HEAD, and from the marks of closes that are not committed
 * yet. What is on disk is never overwritten; where only the end of a record is missing, it is added.
 *
 * @throws KittyError `OP_NOT_FOUND`, `AMBIGUOUS_ID`, and what reading the folder and git throw.
 */
export const restoreOps = async ({ ops, ids }: RestoreOptions): Promise<RestoreReport> => {
  const at = { ops, now: Date.now(), thresholdHours: 0 }
  const wanted = ids === undefined ? await allMissing(at) : await named(at, ids)
  const results = await bringAllBack(at, await keptRecords(at, wanted))
  return {
    restored: results.filter(isRestored),
    left: results.filter(isLeft),
  }
}
