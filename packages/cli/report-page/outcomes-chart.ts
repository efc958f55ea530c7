import type { ReportedOp } from '../src/page/reported.js'
import { bucketsOf } from './buckets.js'
import { chartAt, common, describe } from './chart.js'
import { OUTCOMES } from './data.js'
import type { Paint } from './theme.js'
import { countText, dateText, momentText } from './words.js'

const ID = 'outcomes-chart'
const chart = chartAt(ID)

/** Draws the number of Ops by outcome in each interval. */
export const drawOutcomes = (ops: readonly ReportedOp[], paint: Paint): void => {
  const { unit, buckets } = bucketsOf(ops)
  const { legend, tooltip, axis, ...rest } = common(paint)
  const used = OUTCOMES.filter(({ name }) => ops.some(({ outcome }) => outcome === name))
  const labels = buckets.map(({ from }) => (unit === 'hour' ? momentText(from) : dateText(from)))
  const span = labels.length > 1 ? ` from ${labels[0]} to ${labels.at(-1)}` : ''
  describe(ID, `Bars: ${countText(ops.length, 'Op')} by outcome, for each ${unit}${span}.`)
  chart.setOption(
    {
      ...rest,
      legend: { ...legend, data: used.map(({ name }) => name) },
      tooltip: { ...tooltip, trigger: 'axis', axisPointer: { type: 'shadow' } },
      grid: { left: 8, right: 12, top: 36, bottom: 4, containLabel: true },
      xAxis: { ...axis, type: 'category', data: labels },
      yAxis: { ...axis, type: 'value', minInterval: 1, axisLine: { show: false } },
      series: used.map(({ name }) => ({
        name,
        type: 'bar',
        stack: 'all',
        barMaxWidth: 36,
        itemStyle: { color: paint.outcome[name] },
        emphasis: { focus: 'series' },
        data: buckets.map((bucket) => bucket.ops.filter(({ outcome }) => outcome === name).length),
      })),
    },
    { notMerge: true },
  )
}
