import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { place } from './dom.js'
import type { Paint } from './theme.js'

use([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  CanvasRenderer,
])

const STILL = matchMedia('(prefers-reduced-motion: reduce)').matches

/** A chart in an element of the page, with the width of the element. */
export const chartAt = (id: string): EChartsType => {
  const element = place(id, HTMLElement)
  const chart = init(element, null, { renderer: 'canvas' })
  new ResizeObserver(() => chart.resize()).observe(element)
  return chart
}

/** Sets the text of a chart for screen readers. The list of Ops has all the data. */
export const describe = (id: string, words: string): void =>
  place(id, HTMLElement).setAttribute('aria-label', words)

/** Replaces braces, which could begin a style in a tooltip. */
export const drawn = (text: string): string => text.replaceAll('{', '{\u200b')

/** The common options of all charts. Tooltips are drawn, not HTML, so text of a record is never markup. */
export const common = ({ text, quiet, line, card }: Paint) => ({
  animation: !STILL,
  animationDuration: 250,
  textStyle: { fontFamily: 'system-ui, sans-serif', color: text },
  legend: {
    top: 0,
    left: 0,
    itemWidth: 12,
    itemHeight: 12,
    itemGap: 14,
    icon: 'roundRect',
    textStyle: { color: text },
    inactiveColor: line,
  },
  tooltip: {
    renderMode: 'richText' as const,
    backgroundColor: card,
    borderColor: line,
    textStyle: { color: text, fontSize: 13 },
    confine: true,
  },
  axis: {
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    axisLabel: { color: quiet, hideOverlap: true },
    splitLine: { lineStyle: { color: line, opacity: 0.6 } },
  },
})
