import type { ReportedOp } from '../src/page/reported.js'

const DAY = 86_400_000

/** A time interval, and the Ops that were opened in it. */
export type Bucket = { readonly from: number; readonly ops: readonly ReportedOp[] }

const MOST = 60

type Step = { readonly unit: 'hour' | 'day' | 'week' | 'month'; readonly about: number }

const STEPS: readonly Step[] = [
  { unit: 'hour', about: DAY / 24 },
  { unit: 'day', about: DAY },
  { unit: 'week', about: 7 * DAY },
  { unit: 'month', about: 30 * DAY },
]

/** The start of the interval that contains a time, in the reader's time zone. */
const beginOf = (at: number, { unit }: Step): number => {
  const date = new Date(at)
  if (unit === 'hour') return date.setMinutes(0, 0, 0)
  date.setHours(0, 0, 0, 0)
  if (unit === 'week') date.setDate(date.getDate() - ((date.getDay() + 6) % 7))
  if (unit === 'month') date.setDate(1)
  return date.getTime()
}

const nextOf = (from: number, { unit }: Step): number => {
  const date = new Date(from)
  if (unit === 'hour') return from + DAY / 24
  if (unit === 'month') return date.setMonth(date.getMonth() + 1)
  return date.setDate(date.getDate() + (unit === 'week' ? 7 : 1))
}

/** Groups Ops by hour, day, week or month, so that the number of intervals is readable. Includes empty intervals. */
export const bucketsOf = (
  all: readonly ReportedOp[],
): { unit: Step['unit']; buckets: readonly Bucket[] } => {
  const ops = all.filter(({ from }) => from > 0)
  const from = ops.reduce((first, op) => Math.min(first, op.from), Number.POSITIVE_INFINITY)
  const until = ops.reduce((last, op) => Math.max(last, op.from), 0)
  const step = STEPS.find(({ about }) => (until - from) / about < MOST) ?? STEPS[3]
  if (ops.length === 0 || step === undefined) return { unit: 'day', buckets: [] }
  const byBegin = Map.groupBy(ops, (op) => beginOf(op.from, step))
  const buckets: Bucket[] = []
  for (let at = beginOf(from, step); at <= until; at = nextOf(at, step)) {
    buckets.push({ from: at, ops: byBegin.get(at) ?? [] })
  }
  return { unit: step.unit, buckets }
}
