import type { ReportedOp } from '../src/page/reported.js'
import { data } from './data.js'
import { showDetails, watchDetails } from './details.js'
import { place } from './dom.js'
import { drawDurations } from './durations-chart.js'
import { watchFilters } from './filters.js'
import { drawOutcomes } from './outcomes-chart.js'
import { replaceHash } from './replace-hash.js'
import type { LaneKind } from './row-order.js'
import { tableOf } from './table.js'
import { paint, watchTheme } from './theme.js'
import { drawTimeline } from './timeline-chart.js'
import { watchZoom } from './timeline-zoom.js'
import { showTotals } from './totals.js'
import { stateOfHash } from './url-state.js'
import { momentText } from './words.js'

const lanes = place('lanes', HTMLSelectElement)
const showTable = tableOf(showDetails)
let ops: readonly ReportedOp[] = data.ops

const laneKind = (): LaneKind =>
  lanes.value === 'profile' || lanes.value === 'actor' ? lanes.value : 'mission'

const drawCharts = (): void => {
  if (ops.length === 0) return
  const colours = paint()
  drawOutcomes(ops, colours)
  drawDurations(ops, colours, showDetails)
  drawTimeline(ops, laneKind(), colours, showDetails)
}

const nothing = place('nothing', HTMLElement)
const frames = document.querySelectorAll<HTMLElement>('main > .pair, main > .card')

/** Shows one line instead of empty charts. */
const showFrames = (): void => {
  nothing.hidden = ops.length > 0
  for (const frame of frames) frame.hidden = ops.length === 0
}

// Charts of 10,000 Ops take a moment, so they are drawn after a pause in typing.
const PAUSE_MS = 150
let drawing: ReturnType<typeof setTimeout> | undefined

const drawChartsSoon = (): void => {
  clearTimeout(drawing)
  drawing = setTimeout(drawCharts, drawing === undefined ? 0 : PAUSE_MS)
}

if (data.ops.length === 0 && data.filter === '') nothing.textContent = 'No Ops here.'
place('title', HTMLElement).textContent = data.title
place('about', HTMLElement).textContent =
  `Written ${momentText(data.at)}${data.filter === '' ? '' : `; filters: ${data.filter}`}`
const { by } = stateOfHash(location.hash)
if (by !== undefined) lanes.value = by
else if (!data.ops.some(({ mission, wp }) => mission ?? wp)) lanes.value = 'profile'
watchTheme(drawCharts)
watchDetails()
watchZoom()
lanes.addEventListener('change', () => {
  replaceHash({ ...stateOfHash(location.hash), by: laneKind() })
  drawTimeline(ops, laneKind(), paint(), showDetails)
})
addEventListener('hashchange', () => {
  const { by: wanted } = stateOfHash(location.hash)
  if (wanted === undefined || wanted === lanes.value) return
  lanes.value = wanted
  drawTimeline(ops, laneKind(), paint(), showDetails)
})
watchFilters((passing) => {
  ops = passing
  showFrames()
  showTotals(ops)
  showTable(ops)
  drawChartsSoon()
})
