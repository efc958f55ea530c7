import { UsageError } from '../command/errors.js'

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** `2h`, `2 hours`, `2 hours ago`. The first letter is the unit. */
const SPAN =
  /^(\d{1,9}(?:\.\d{1,3})?)\s*([smhdw]|(?:sec|min|hr|second|minute|hour|day|week)s?)(?:\s+ago)?$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/

/** Whether the date at the start of a text exists: February 30 does not. */
const hasDay = (text: string): boolean => {
  const day = text.slice(0, 'yyyy-mm-dd'.length)
  const noon = new Date(`${day}T12:00Z`)
  return !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(day)
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** The number of days since the last day with that name, `today`, or `yesterday`. */
const daysAgo = (name: string, now: Date): number | undefined => {
  if (name === 'today') return 0
  if (name === 'yesterday') return 1
  const weekday = WEEKDAYS.indexOf(name)
  return weekday === -1 ? undefined : ((now.getDay() - weekday + 6) % 7) + 1
}

type TimeFlag = 'since' | 'until'

/** The first or the last millisecond of a local day. A day does not always have 24 hours. */
const edgeOf = (flag: TimeFlag, year: number, month: number, day: number): number =>
  flag === 'since'
    ? new Date(year, month, day).getTime()
    : new Date(year, month, day + 1).getTime() - 1

const namedDay = (flag: TimeFlag, text: string): number => {
  const start = new Date(`${text}T00:00`)
  return edgeOf(flag, start.getFullYear(), start.getMonth(), start.getDate())
}

const read = (flag: TimeFlag, text: string, now: Date): number => {
  if (text === 'now') return now.getTime()
  const [, count, unit] = SPAN.exec(text) ?? []
  if (count !== undefined) {
    return now.getTime() - Number(count) * (UNITS[unit?.charAt(0) ?? ''] ?? Number.NaN)
  }
  const ago = daysAgo(text, now)
  if (ago !== undefined) {
    return edgeOf(flag, now.getFullYear(), now.getMonth(), now.getDate() - ago)
  }
  if (!hasDay(text)) return Number.NaN
  if (DAY.test(text)) return namedDay(flag, text)
  return MOMENT.test(text) ? Date.parse(text) : Number.NaN
}

/**
 * Parses a time: an age (`2h`), a time, or a local day, which means its first millisecond for `since` and its last for
 * `until`. Returns milliseconds since 1970. Throws `TIME_INVALID`.
 */
export const parseTimeFlag = (flag: TimeFlag, text: string, now: Date): number => {
  const trimmed = text.trim()
  const moment = read(flag, MOMENT.test(trimmed) ? trimmed : trimmed.toLowerCase(), now)
  if (!Number.isNaN(moment)) return moment
  throw new UsageError('TIME_INVALID', `--${flag}: invalid time ${JSON.stringify(text)}`, {
    hint: 'Use a date (2026-03-01), a time (2026-03-01T12:00Z), a day (yesterday), or an age (2h, 3d).',
  })
}
