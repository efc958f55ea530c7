import type { ReportedOp } from '../src/page/reported.js'
import { endOf } from './data.js'

/** The field that the rows of the timeline show. */
export type LaneKind = 'mission' | 'profile' | 'actor'

/** The bar of an Op: its row, and its lane in the row, so that bars don't overlap. */
export type Bar = { readonly op: ReportedOp; readonly row: number; readonly lane: number }

export type Rows = {
  readonly names: readonly string[]
  /** The number of lanes of each row. */
  readonly lanes: readonly number[]
  readonly bars: readonly Bar[]
}

const MOST_LANES = 6

const keyOf = (op: ReportedOp, kind: LaneKind): string => {
  if (kind !== 'mission') return op[kind] ?? 'unknown'
  if (op.mission === undefined) return op.wp ?? 'no mission'
  // An id begins with its time, which is the same for missions of one day.
  return `…${op.mission.slice(-6)}${op.wp === undefined ? '' : ` · ${op.wp}`}`
}

/** The first lane that is free at that time, or the last one if none is. */
const laneFor = (ends: number[], op: ReportedOp): number => {
  const free = ends.findIndex((end) => end <= op.from)
  const lane = free === -1 ? Math.min(ends.length, MOST_LANES - 1) : free
  ends[lane] = Math.max(ends[lane] ?? 0, endOf(op))
  return lane
}

/** Arranges Ops in rows. The row with the latest Op is on top. */
export const rowsOf = (all: readonly ReportedOp[], kind: LaneKind): Rows => {
  const ops = all.filter(({ from }) => from > 0).toSorted((a, b) => a.from - b.from)
  const groups = [...Map.groupBy(ops, (op) => keyOf(op, kind))]
  groups.sort(([, a], [, b]) => (b.at(-1)?.from ?? 0) - (a.at(-1)?.from ?? 0))
  const ends = groups.map((): number[] => [])
  const bars = groups.flatMap(([, group], row) =>
    group.map((op) => ({ op, row, lane: laneFor(ends[row] ?? [], op) })),
  )
  return {
    names: groups.map(([name]) => name),
    lanes: ends.map(({ length }) => Math.max(1, length)),
    bars,
  }
}
