import { outcomePaint } from '../terminal/outcome.js'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'
import { type Cell, type ShrinkOrder, table } from '../terminal/table.js'
import { momentText, spanText } from '../terminal/time.js'
import { endOf } from './op-cells.js'
import type { Span, Timeline, TimelineGroup } from './timeline.js'

const ID = 10
const LEAST_BAR = 12
const USUAL_WIDTH = 100

const BAR_SHARE = 0.4
const FULL = '█'
const GOING_ON = '▒'
const EMPTY = '·'

type Frame = { readonly timeline: Timeline; readonly cells: number; readonly style: Style }

const barCell = ({ op, from, until }: Span, { timeline, cells, style }: Frame): Cell => {
  const whole = Math.max(1, timeline.until - timeline.from)
  const first = Math.min(cells - 1, Math.floor(((from - timeline.from) / whole) * cells))
  const last = Math.max(first + 1, Math.round(((until - timeline.from) / whole) * cells))
  const before = EMPTY.repeat(first)
  const bar = (op.status === 'open' ? GOING_ON : FULL).repeat(last - first)
  const after = EMPTY.repeat(cells - last)
  const paint = outcomePaint(endOf(op), style)
  // The cell has its full width, so the table neither pads nor cuts it.
  return {
    text: before + bar + after,
    paint: () => style.dim(before) + paint(bar) + style.dim(after),
  }
}

const lineOf = (span: Span, frame: Frame): Cell[] => {
  const { op, from, until } = span
  const outcome = endOf(op)
  return [
    { text: `    ${op.invocation_id.slice(0, ID)}` },
    barCell(span, frame),
    { text: outcome, paint: outcomePaint(outcome, frame.style) },
    { text: spanText(until - from) },
    { text: op.request_excerpt ?? `${op.action} by ${op.profile_id}` },
  ]
}

/** The first and the last time, at the ends of the bars. */
const axis = ({ timeline, cells, style }: Frame): string => {
  const from = momentText(new Date(timeline.from))
  const until = momentText(new Date(timeline.until))
  const gap = ' '.repeat(Math.max(2, cells - from.length - until.length))
  return style.dim(`${' '.repeat(ID + 6)}${from}${gap}${until}\n`)
}

const heading = (group: TimelineGroup, before: TimelineGroup | undefined, style: Style): string => {
  const { missionId, workPackage } = group
  const mission = missionId === undefined ? 'No mission' : `Mission ${missionId}`
  const same = before !== undefined && before.missionId === missionId
  const first = same ? '' : `${style.bold(printableLine(mission))}\n`
  if (workPackage === undefined) return same ? '  No work package\n' : first
  return `${first}  ${printableLine(workPackage)}\n`
}

const REQUEST = 4
const SHRINK_ORDER: ShrinkOrder = [[REQUEST, 8]]

/** The bars of a timeline, by mission and work package. `width` is that of the terminal, if there is one. */
export const timelineText = (timeline: Timeline, style: Style, width?: number): string => {
  const cells = Math.max(LEAST_BAR, Math.floor((width ?? USUAL_WIDTH) * BAR_SHARE))
  const frame = { timeline, cells, style }
  const rows = timeline.groups.flatMap(({ spans }) => spans.map((span) => lineOf(span, frame)))
  const lines = table(rows, width, SHRINK_ORDER).split('\n')
  const parts = timeline.groups.map((group, place) => {
    const own = lines.splice(0, group.spans.length)
    return `${heading(group, timeline.groups[place - 1], style)}${own.join('\n')}\n`
  })
  return axis(frame) + parts.join('')
}
