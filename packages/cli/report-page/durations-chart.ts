import type { ReportedOp } from '../src/page/reported.js'
import { spanText } from '../src/terminal/time.js'
import { bucketsOf } from './buckets.js'
import { chartAt, common, describe, drawn } from './chart.js'
import { median, OUTCOMES, signOf, tookMs } from './data.js'
import { shown } from './dom.js'
import type { Paint } from './theme.js'
import { countText, momentText } from './words.js'

const ID = 'durations-chart'
const chart = chartAt(ID)

// A logarithmic scale has no zero.
const LEAST_MS = 100

type Point = { readonly value: readonly [at: number, ms: number]; readonly op: ReportedOp }

const MARKS = new Map([
  [LEAST_MS, '0.1 s'],
  [1_000, '1 s'],
  [10_000, '10 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
  [3_600_000, '1 h'],
  [36_000_000, '10 h'],
  [864_000_000, '10 d'],
])

/** The highest mark below all values. */
const floorOf = (points: readonly Point[]): number => {
  const least = points.reduce((low, { value }) => Math.min(low, value[1]), Number.POSITIVE_INFINITY)
  return [...MARKS.keys()].findLast((mark) => mark <= least) ?? LEAST_MS
}

const pointsOf = (ops: readonly ReportedOp[]): readonly Point[] =>
  ops.flatMap((op) => {
    const ms = tookMs(op)
    return ms === undefined ? [] : [{ value: [op.from, Math.max(LEAST_MS, ms)] as const, op }]
  })

/** The median of each interval. Returns `undefined` for a single point, which makes no line. */
const medianLine = (ops: readonly ReportedOp[]) => {
  const { unit, buckets } = bucketsOf(ops)
  const points = buckets.flatMap((bucket) => {
    const middle = median(bucket.ops.flatMap((op) => tookMs(op) ?? []))
    const at = median(bucket.ops.map(({ from }) => from))
    return middle === undefined || at === undefined ? [] : [[at, Math.max(LEAST_MS, middle)]]
  })
  return points.length > 1 ? { unit, points } : undefined
}

const medianSeries = (points: readonly (readonly number[])[], paint: Paint) => ({
  name: 'median',
  type: 'line',
  smooth: 0.2,
  symbol: 'none',
  lineStyle: { color: paint.text, width: 2 },
  itemStyle: { color: paint.text },
  data: points,
})

const hint = ({ data }: { data?: Partial<Point> | readonly number[] }): string => {
  if (data !== undefined && 'op' in data && data.op !== undefined) {
    const { op } = data
    const took = spanText(tookMs(op) ?? 0)
    return drawn(
      `${signOf(op.outcome)} ${op.outcome} after ${took}\n${shown(op.action)} by ${shown(op.profile)}\n${momentText(op.from)}`,
    )
  }
  return Array.isArray(data) ? `median ${spanText(Number(data[1]))}` : ''
}

/** Draws the duration of each Op, and the median of each interval. */
export const drawDurations = (
  ops: readonly ReportedOp[],
  paint: Paint,
  choose: (op: ReportedOp) => void,
): void => {
  const points = pointsOf(ops)
  const { legend, tooltip, axis, ...rest } = common(paint)
  const used = OUTCOMES.filter(({ name }) => points.some(({ op }) => op.outcome === name))
  const middle = median(points.map(({ value }) => value[1]))
  const half = middle === undefined ? '' : `; half of them took ${spanText(middle)} or less`
  const line = medianLine(ops)
  const drawnLine = line === undefined ? '' : ` Line: the median for each ${line.unit}.`
  describe(ID, `Points: durations of ${countText(points.length, 'closed Op')}${half}.${drawnLine}`)
  chart.setOption(
    {
      ...rest,
      legend,
      tooltip: { ...tooltip, trigger: 'item', formatter: hint },
      grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
      xAxis: { ...axis, type: 'time', splitLine: { show: false } },
      yAxis: {
        ...axis,
        type: 'log',
        logBase: 10,
        min: floorOf(points),
        axisLine: { show: false },
        axisLabel: {
          ...axis.axisLabel,
          customValues: [...MARKS.keys()],
          formatter: (ms: number) => MARKS.get(ms) ?? '',
        },
        axisTick: { show: false, customValues: [...MARKS.keys()] },
      },
      series: [
        ...used.map(({ name }) => ({
          name,
          type: 'scatter',
          symbolSize: 6,
          itemStyle: { color: paint.outcome[name], opacity: 0.6 },
          data: points.filter(({ op }) => op.outcome === name),
        })),
        ...(line === undefined ? [] : [medianSeries(line.points, paint)]),
      ],
    },
    { notMerge: true },
  )
  chart.off('click')
  chart.on('click', ({ seriesName, dataIndex }) => {
    const point = points.filter(({ op }) => op.outcome === seriesName)[dataIndex]
    if (point !== undefined) choose(point.op)
  })
}
