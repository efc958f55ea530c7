import { place } from './dom.js'
import { timeline } from './timeline-chart.js'

const { chart } = timeline

/** The visible part of the timeline, in percent. */
type Zoom = { readonly start: number; readonly end: number }

const zoomNow = (): Zoom => {
  const { dataZoom } = chart.getOption() as { dataZoom?: readonly Partial<Zoom>[] }
  const [{ start = 0, end = 100 } = {}] = dataZoom ?? []
  return { start, end }
}

const LEAST_SHARE = 0.01

const zoomTo = (from: number, until: number): void => {
  const width = Math.min(100, Math.max(LEAST_SHARE, until - from))
  const start = Math.min(100 - width, Math.max(0, from))
  chart.dispatchAction({ type: 'dataZoom', dataZoomIndex: 0, start, end: start + width })
}

const MOVES: Readonly<Record<string, (now: Zoom) => Zoom>> = {
  'zoom-in': ({ start, end }) => ({
    start: start + (end - start) / 4,
    end: end - (end - start) / 4,
  }),
  'zoom-out': ({ start, end }) => ({
    start: start - (end - start) / 2,
    end: end + (end - start) / 2,
  }),
  earlier: ({ start, end }) => ({ start: start - (end - start) / 3, end: end - (end - start) / 3 }),
  later: ({ start, end }) => ({ start: start + (end - start) / 3, end: end + (end - start) / 3 }),
  'zoom-all': () => ({ start: 0, end: 100 }),
}

/** Makes the buttons zoom and move like a wheel or fingers. */
export const watchZoom = (): void => {
  for (const [id, move] of Object.entries(MOVES)) {
    place(id, HTMLButtonElement).addEventListener('click', () => {
      const { start, end } = move(zoomNow())
      zoomTo(start, end)
    })
  }
  const element = place(timeline.id, HTMLElement)
  chart.on('datazoom', () => {
    const { start, end } = zoomNow()
    element.dataset.seen = `${start.toFixed(2)}-${end.toFixed(2)}`
  })
}
