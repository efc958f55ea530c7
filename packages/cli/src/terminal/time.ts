const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365.25 * DAY
const MONTH = YEAR / 12

const two = (value: number): string => String(value).padStart(2, '0')

/** A duration in milliseconds as text, in at most two units: `420 ms`, `1.2 s`, `12 s`, `4m 05s`, `2h 10m`, `3d 4h`. */
export const spanText = (ms: number): string => {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < 9950) return `${(ms / SECOND).toFixed(1)} s`
  const seconds = Math.round(ms / SECOND)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}h ${two(minutes % 60)}m`
  return `${Math.floor(hours / 24)}d ${hours % 24}h`
}

/** An age in milliseconds as text, in one unit: `now`, `5m ago`, `3h ago`, `12d ago`, `5mo ago`, `2y ago`. */
export const ageText = (ms: number): string => {
  if (ms < MINUTE) return 'now'
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m ago`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h ago`
  if (ms < 60 * DAY) return `${Math.floor(ms / DAY)}d ago`
  if (ms < 2 * YEAR) return `${Math.floor(ms / MONTH)}mo ago`
  return `${Math.floor(ms / YEAR)}y ago`
}

/** A time in the local time zone, to the second. */
export const momentText = (at: Date): string => {
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join('-')
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`
}
