import type { ReportData, ReportedOp } from '../src/page/reported.js'
import { place } from './dom.js'

export type { ReportedOp } from '../src/page/reported.js'

/** What an Op came to, with how it is shown: never by colour alone. */
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

/** Everything on the page, as the command wrote it. */
export const data: ReportData = JSON.parse(place('data', HTMLScriptElement).text)

/** How long an Op took, in milliseconds; undefined while it is open, and where nobody knows. */
export const tookMs = ({ from, until }: ReportedOp): number | undefined =>
  until === undefined || from === 0 ? undefined : Math.max(0, until - from)

/** Until when its bar goes: an open one lasted until the page was made. */
export const endOf = ({ from, until, outcome }: ReportedOp): number =>
  Math.max(from, until ?? (outcome === 'open' ? data.at : from))

/** The middle value, or undefined where there is none. */
export const median = (values: readonly number[]): number | undefined => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
