import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts'
import { graphic } from 'echarts/core'
import type { ReportedOp } from '../src/page/reported.js'
import { spanText } from '../src/terminal/time.js'
import { chartAt, common, describe, drawn } from './chart.js'
import { data, endOf, signOf, tookMs } from './data.js'
import { place, shown } from './dom.js'
import { type Bar, type Rows, rowsOf } from './lanes.js'
import type { LaneKind } from './row-order.js'
import type { Paint } from './theme.js'
import { countText, momentText } from './words.js'

const ID = 'timeline-chart'

/** The timeline. `timeline-zoom.ts` moves it. */
export const timeline = { id: ID, chart: chartAt(ID) }
const { chart } = timeline
const ROW = 30
const [FEWEST, MOST] = [3, 18]
const LEAST_WIDTH = 3

const hint = ({ op }: Bar): string => {
  const took = tookMs(op)
  const how = op.outcome === 'open' ? 'open since' : `${op.outcome}, from`
  const long = took === undefined ? '' : `, ${spanText(took)}`
  return drawn(
    `${signOf(op.outcome)} ${how} ${momentText(op.from)}${long}\n${shown(op.action)} by ${shown(op.profile)}`,
  )
}

/** A bar from the start of an Op to its end, wide enough to be seen and clicked. */
const barShape =
  ({ bars, lanes }: Rows, paint: Paint) =>
  (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
    const bar = bars[params.dataIndex]
    if (bar === undefined) return undefined
    const [left = 0, middle = 0] = api.coord([bar.op.from, bar.row])
    const [right = 0] = api.coord([endOf(bar.op), bar.row])
    const size = api.size?.([0, 1])
    const room = (Array.isArray(size) ? (size[1] ?? ROW) : ROW) * 0.78
    const height = room / (lanes[bar.row] ?? 1)
    const { x = 0, y = 0, width = 0, height: area = 0 } = params.coordSys as Partial<DOMRect>
    const shape = graphic.clipRectByRect(
      {
        x: left,
        y: middle - room / 2 + bar.lane * height,
        width: Math.max(LEAST_WIDTH, right - left),
        height: Math.max(2, height - 1),
      },
      { x, y, width, height: area },
    )
    return (
      shape && {
        type: 'rect' as const,
        shape: { ...shape, r: 2 },
        style: { fill: paint.outcome[bar.op.outcome] },
      }
    )
  }

const spanOf = (ops: readonly ReportedOp[]) => {
  const timed = ops.filter(({ from }) => from > 0)
  const from = timed.reduce((first, op) => Math.min(first, op.from), data.at)
  const until = timed.reduce((last, op) => Math.max(last, endOf(op)), from + 60_000)
  const margin = (until - from) * 0.01
  return { min: from - margin, max: until + margin }
}

const option = (ops: readonly ReportedOp[], rows: Rows, paint: Paint) => {
  const { legend: _, tooltip, axis, ...rest } = common(paint)
  const last = rows.names.length - 1
  const scrolls = rows.names.length > MOST
  const zoom = { xAxisIndex: 0, filterMode: 'weakFilter' as const }
  const rowZoom = { yAxisIndex: 0, startValue: 0, endValue: MOST - 1, zoomLock: true }
  return {
    ...rest,
    tooltip: {
      ...tooltip,
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const bar = rows.bars[dataIndex]
        return bar === undefined ? '' : hint(bar)
      },
    },
    grid: { left: 8, right: scrolls ? 36 : 16, top: 8, bottom: 52, containLabel: true },
    xAxis: { ...axis, type: 'time', ...spanOf(ops) },
    yAxis: {
      ...axis,
      type: 'category',
      inverse: true,
      data: rows.names.map(shown),
      axisLabel: { ...axis.axisLabel, width: 150, overflow: 'truncate', interval: 0 },
      splitLine: { ...axis.splitLine, show: true },
    },
    dataZoom: [
      { ...zoom, type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
      {
        ...zoom,
        type: 'slider',
        bottom: 8,
        height: 22,
        borderColor: paint.line,
        textStyle: { color: paint.quiet },
        labelFormatter: (value: number) => momentText(value),
      },
      ...(scrolls ? [{ ...rowZoom, type: 'slider', right: 4, width: 14, showDetail: false }] : []),
      ...(scrolls ? [{ ...rowZoom, type: 'inside', zoomOnMouseWheel: false }] : []),
    ],
    series: [
      {
        type: 'custom',
        renderItem: barShape(rows, paint),
        encode: { x: [0, 1], y: 2 },
        data: rows.bars.map(({ op, row }) => [op.from, endOf(op), Math.min(row, last)]),
        progressive: 2_000,
      },
    ],
  }
}

/** Draws the timeline. */
export const drawTimeline = (
  ops: readonly ReportedOp[],
  kind: LaneKind,
  paint: Paint,
  choose: (op: ReportedOp) => void,
): void => {
  const rows = rowsOf(ops, kind)
  const tall = Math.min(MOST, Math.max(FEWEST, rows.names.length))
  place(ID, HTMLElement).style.height = `${tall * ROW + 70}px`
  chart.resize()
  describe(ID, `Bars: when ${countText(rows.bars.length, 'Op')} ran, in rows by ${kind}.`)
  chart.setOption(option(ops, rows, paint), { notMerge: true })
  chart.off('click')
  chart.on('click', ({ dataIndex }) => {
    const bar = rows.bars[dataIndex]
    if (bar !== undefined) choose(bar.op)
  })
}
