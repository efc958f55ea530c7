import * as z from 'zod/mini'
import { KittyError } from './errors.js'

const LONG_MONTHS = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])'
const SHORT_MONTHS = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)'
const FEBRUARY = '02-(?:0[1-9]|1\\d|2[0-8])'
const LEAP_YEAR = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const DATE = `(?:\\d{4}-(?:${LONG_MONTHS}|${SHORT_MONTHS}|${FEBRUARY})|${LEAP_YEAR}-02-29)`
const HOUR = '(?:[01]\\d|2[0-3])'
const TIME = `${HOUR}:[0-5]\\d:[0-5]\\d`
const OFFSET = `(?:Z|[+-]${HOUR}(?::?[0-5]\\d)?)`

const READ = new RegExp(`^${DATE}T${TIME}(?:\\.\\d{1,9})?${OFFSET}$`)
/** The pattern of a timestamp as it is written, within other text. */
export const WRITTEN_TIME = `${DATE}T${TIME}\\.\\d{3}Z`
const WRITTEN = new RegExp(`^${WRITTEN_TIME}$`)
const READABLE = 'must be an ISO-8601 time with an offset'
const WRITABLE = 'must be an ISO-8601 time in UTC with milliseconds'
const SECONDS_END = 19
const MINUTE = 60_000

/** A timestamp as it is read: ISO-8601 with any offset, and down to nanoseconds. */
export const TimestampSchema = z.string(READABLE).check(z.regex(READ, READABLE))

/** A timestamp as it is written: UTC with `Z` and three digits of milliseconds. */
export const NewTimestampSchema = z.string(WRITABLE).check(z.regex(WRITTEN, WRITABLE))

/**
 * Parses an ISO-8601 time with an offset. Returns milliseconds since 1970, truncated, or `undefined` if the text is
 * not such a time or its date does not exist.
 */
export function parseTimestamp(text: string): number | undefined {
  if (!READ.test(text)) return undefined
  const fraction = /\.(\d{1,3})/.exec(text)?.[1] ?? ''
  const local = Date.parse(`${text.slice(0, SECONDS_END)}.${fraction.padEnd(3, '0')}Z`)
  return local - offsetMs(text)
}

function offsetMs(text: string): number {
  const offset = /([+-])(\d\d):?(\d\d)?$/.exec(text)
  if (offset === null) return 0
  const [, sign, hours, minutes = 0] = offset
  const size = (Number(hours) * 60 + Number(minutes)) * MINUTE
  return sign === '-' ? -size : size
}

/** Whether `a` is before `b`; false if one of them cannot be parsed. */
export function isEarlier(a: string, b: string): boolean {
  // Times in the same notation sort as text, which is much faster than parsing them.
  if (a.length === b.length && zone(a) === zone(b) && a >= b) return false
  const [first = Number.NaN, second = Number.NaN] = [parseTimestamp(a), parseTimestamp(b)]
  return first < second
}

const zone = (text: string): string => (text.endsWith('Z') ? 'Z' : text.slice(-6))

/**
 * Formats a time (a `Date`, or milliseconds since 1970) as it is written in a record.
 * @throws {@link KittyError} `TIME_OUT_OF_RANGE` outside the years 0000 to 9999.
 */
export function formatTimestamp(at: Date | number): string {
  const date = new Date(at)
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  if (WRITTEN.test(text)) return text
  throw new KittyError('TIME_OUT_OF_RANGE', `A record cannot hold the time ${at}.`, {
    hint: 'Use a time between the years 0000 and 9999.',
  })
}
