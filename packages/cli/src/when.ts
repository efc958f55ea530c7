import { UsageError } from './errors.js'

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const SPAN = /^(\d{1,9}(?:\.\d{1,3})?)\s*([smhdw])$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/

const dayStart = (day: string): number => new Date(`${day}T00:00`).getTime()

const dayEnd = (day: string): number => new Date(`${day}T23:59:59.999`).getTime()

const read = (flag: 'since' | 'until', text: string, now: Date): number => {
  const [, count, unit] = SPAN.exec(text) ?? []
  if (count !== undefined) return now.getTime() - Number(count) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (DAY.test(text)) return flag === 'until' ? dayEnd(text) : dayStart(text)
  return MOMENT.test(text) ? Date.parse(text) : Number.NaN
}

/**
 * The moment that somebody means: a span before now (`2h`), a moment, or a whole day of this place,
 * from its first millisecond for `since`, to its last for `until`. In milliseconds since 1970.
 */
export const momentOf = (flag: 'since' | 'until', text: string, now: Date): number => {
  const moment = read(flag, text.trim(), now)
  if (!Number.isNaN(moment)) return moment
  throw new UsageError('TIME_INVALID', `--${flag}: not a time: ${JSON.stringify(text)}`, {
    hint: 'Give a date (2026-03-01), a moment (2026-03-01T12:00Z), or how long ago (2h, 3d).',
  })
}
