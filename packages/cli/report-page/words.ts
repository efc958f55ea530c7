const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const NUMBER = new Intl.NumberFormat()

/** A day in the reader's time zone. */
export const dateText = (at: number): string => DATE.format(at)

/** A time in the reader's time zone. */
export const momentText = (at: number): string => (at === 0 ? 'unknown' : MOMENT.format(at))

/** A time in UTC. */
export const utcText = (at: number): string =>
  `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`

/** A count with its noun: `1 Op`, `12,345 Ops`. */
export const countText = (count: number, one: string): string =>
  `${NUMBER.format(count)} ${one}${count === 1 ? '' : 's'}`

export const percentText = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((100 * part) / whole)}%`
