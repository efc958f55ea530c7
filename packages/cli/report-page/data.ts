import type { ReportData, ReportedOp } from '../src/page/reported.js'
import { place } from './dom.js'

export type { ReportedOp } from '../src/page/reported.js'

/** The outcomes. Each has a sign, so that colour is not the only difference. */
export const OUTCOMES = [
  { name: 'done', sign: '✓' },
  { name: 'failed', sign: '✕' },
  { name: 'abandoned', sign: '–' },
  { name: 'unknown', sign: '?' },
  { name: 'open', sign: '•' },
] as const satisfies readonly { name: ReportedOp['outcome']; sign: string }[]

export type OutcomeName = ReportedOp['outcome']

export const signOf = (outcome: OutcomeName): string =>
  OUTCOMES.find(({ name }) => name === outcome)?.sign ?? ''

/** The data that the command has written into the page. */
export const data: ReportData = JSON.parse(place('data', HTMLScriptElement).text)

/** The duration of an Op in milliseconds; `undefined` if it is open or the duration is unknown. */
export const tookMs = ({ from, until }: ReportedOp): number | undefined =>
  until === undefined || from === 0 ? undefined : Math.max(0, until - from)

/** The end of the bar of an Op. An open Op lasts until the page was written. */
export const endOf = ({ from, until, outcome }: ReportedOp): number =>
  Math.max(from, until ?? (outcome === 'open' ? data.at : from))

/** The median, or `undefined` if there are no values. */
export const median = (values: readonly number[]): number | undefined => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
