import type { ReportedOp } from '../src/page/reported.js'

/** The field that the rows of the timeline show. */
export type LaneKind = 'mission' | 'profile' | 'actor'

/** The Ops of a row, earliest first. */
export type Row = { readonly name: string; readonly ops: readonly ReportedOp[] }

const missionName = ({ mission, wp }: ReportedOp): string => {
  if (mission === undefined) return wp ?? 'no mission'
  // An id begins with its time, which is the same for missions of one day.
  return `…${mission.slice(-6)}${wp === undefined ? '' : ` · ${wp}`}`
}

/** Groups Ops that are sorted by time. The group with the latest Op is first. */
const groupedBy = (
  ops: readonly ReportedOp[],
  keyOf: (op: ReportedOp) => string | undefined,
): readonly (readonly ReportedOp[])[] => {
  const groups = new Map<string | undefined, ReportedOp[]>()
  // In reverse, so that the groups are in the order of their latest Ops.
  for (const op of ops.toReversed()) {
    const key = keyOf(op)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [op])
    else group.push(op)
  }
  return [...groups.values()].map((group) => group.toReversed())
}

/**
 * The rows of the timeline, the one with the latest Op on top. The rows of one mission are together, and so are those
 * without a mission.
 */
export const rowsInOrder = (all: readonly ReportedOp[], kind: LaneKind): readonly Row[] => {
  const ops = all.filter(({ from }) => from > 0).toSorted((a, b) => a.from - b.from)
  if (kind !== 'mission') {
    const nameOf = (op: ReportedOp | undefined) => op?.[kind] ?? 'unknown'
    return groupedBy(ops, nameOf).map((row) => ({ name: nameOf(row[0]), ops: row }))
  }
  return groupedBy(ops, ({ mission }) => mission)
    .flatMap((mission) => groupedBy(mission, ({ wp }) => wp))
    .map((row) => ({ name: row[0] === undefined ? '' : missionName(row[0]), ops: row }))
}
