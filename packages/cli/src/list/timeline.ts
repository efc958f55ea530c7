import { formatTimestamp, type OpId, parseTimestamp } from '@kitty/record'
import type { OpSummary } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import type { TimelineJson } from '../json/records.js'

/** An Op and its time span, in milliseconds since 1970. An open Op lasts until now. */
export type Span = { readonly op: OpSummary; readonly from: number; readonly until: number }

/** The Ops of one work package of one mission, earliest first. */
export type TimelineGroup = {
  readonly missionId?: string
  readonly workPackage?: string
  readonly spans: readonly Span[]
}

/** The time spans of Ops. */
export type Timeline = {
  readonly from: number
  readonly until: number
  /** By mission, then by work package, earliest first. */
  readonly groups: readonly TimelineGroup[]
}

const spanOf = (op: OpSummary, now: number): Span => {
  const from = parseTimestamp(op.started_at) ?? now
  const end = op.completed_at === undefined ? now : parseTimestamp(op.completed_at)
  return { op, from, until: Math.max(from, end ?? from) }
}

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): readonly T[][] => {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

const groupOf = (spans: readonly Span[]): TimelineGroup => {
  const { mission_id: missionId, wp_id: workPackage } = spans[0]?.op ?? {}
  return { ...definedFields({ missionId, workPackage }), spans }
}

/** Builds the timeline of some Ops. */
export const timelineOf = (ops: readonly OpSummary[], now: Date): Timeline => {
  const spans = ops
    .map((op) => spanOf(op, now.getTime()))
    .toSorted((a, b) => a.from - b.from || (a.op.invocation_id < b.op.invocation_id ? -1 : 1))
  const missions = groupBy(spans, ({ op }) => op.mission_id ?? '')
  const groups = missions.flatMap((mission) => groupBy(mission, ({ op }) => op.wp_id ?? ''))
  const until = spans.reduce((latest, span) => Math.max(latest, span.until), 0)
  return { from: spans[0]?.from ?? 0, until, groups: groups.map(groupOf) }
}

/** The same for programs. The times are `null` if there are no Ops. */
export const timelineJson = ({ from, until, groups }: Timeline, next?: OpId): TimelineJson => ({
  from: groups.length === 0 ? null : formatTimestamp(new Date(from)),
  until: groups.length === 0 ? null : formatTimestamp(new Date(until)),
  groups: groups.map(({ spans, missionId, workPackage }) => ({
    ...definedFields({ mission_id: missionId, wp_id: workPackage }),
    ops: spans.map(({ op }) => op),
  })),
  ...definedFields({ next }),
})
