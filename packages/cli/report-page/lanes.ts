import type { ReportedOp } from '../src/page/reported.js'
import { endOf } from './data.js'
import { type LaneKind, rowsInOrder } from './row-order.js'

/** The bar of an Op: its row, and its lane in the row, so that bars don't overlap. */
export type Bar = { readonly op: ReportedOp; readonly row: number; readonly lane: number }

export type Rows = {
  readonly names: readonly string[]
  /** The number of lanes of each row. */
  readonly lanes: readonly number[]
  readonly bars: readonly Bar[]
}

const MOST_LANES = 6

/** The first lane that is free at that time, or the last one if none is. */
const laneFor = (ends: number[], op: ReportedOp): number => {
  const free = ends.findIndex((end) => end <= op.from)
  const lane = free === -1 ? Math.min(ends.length, MOST_LANES - 1) : free
  ends[lane] = Math.max(ends[lane] ?? 0, endOf(op))
  return lane
}

/** Arranges Ops in rows. */
export const rowsOf = (all: readonly ReportedOp[], kind: LaneKind): Rows => {
  const rows = rowsInOrder(all, kind)
  const ends = rows.map((): number[] => [])
  const bars = rows.flatMap(({ ops }, row) =>
    ops.map((op) => ({ op, row, lane: laneFor(ends[row] ?? [], op) })),
  )
  return {
    names: rows.map(({ name }) => name),
    lanes: ends.map(({ length }) => Math.max(1, length)),
    bars,
  }
}
