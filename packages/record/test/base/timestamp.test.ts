import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEarlier } from '../../src/base/timestamp.js'
import { formatTimestamp, parseTimestamp } from '../../src/index.js'
import { NewTimestampSchema, TimestampSchema } from '../../src/schemas.js'

const NOON = Date.parse('2026-06-08T12:00:00.000Z')

test.each([
  ['2026-06-08T12:00:00Z', NOON],
  ['2026-06-08T12:00:00.5Z', NOON + 500],
  ['2026-06-08T12:00:00.010145+00:00', NOON + 10],
  ['2026-06-08T12:00:00.123456789Z', NOON + 123],
  ['2026-06-08T14:00:00+02:00', NOON],
  ['2026-06-08T14:00:00+0200', NOON],
  ['2026-06-08T14:00:00+02', NOON],
  ['2026-06-08T06:15:00-05:45', NOON],
  ['2024-02-29T00:00:00Z', Date.parse('2024-02-29T00:00:00.000Z')],
  ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00.000Z')],
])('%s is parsed', (text, ms) => {
  expect(parseTimestamp(text)).toBe(ms)
  expect(TimestampSchema.safeParse(text).success).toBe(true)
})

test.each([
  '',
  'garbage',
  '2026-06-08',
  '2026-06-08T12:00:00',
  '2026-06-08T12:00Z',
  '2026-06-08 12:00:00Z',
  '2026-06-08T24:00:00Z',
  '2026-06-08T12:60:00Z',
  '2026-02-29T12:00:00Z',
  '2100-02-29T12:00:00Z',
  '2026-04-31T12:00:00Z',
  '2026-13-01T12:00:00Z',
  '2026-06-08T12:00:00.Z',
  '2026-06-08T12:00:00.1234567890Z',
  '2026-06-08T12:00:00+24:00',
  '2026-06-08T12:00:00Z\n',
])('%j is not a time', (text) => {
  expect(parseTimestamp(text)).toBeUndefined()
  expect(TimestampSchema.safeParse(text).success).toBe(false)
})

test('a formatted time can be parsed, and is UTC with milliseconds', () => {
  const [min, max] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]
  fc.assert(
    fc.property(fc.integer({ min, max }), (ms) => {
      const text = formatTimestamp(ms)
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(NewTimestampSchema.parse(text)).toBe(text)
      expect(parseTimestamp(text)).toBe(ms)
    }),
  )
  expect(formatTimestamp(new Date(NOON))).toBe('2026-06-08T12:00:00.000Z')
})

test.each([Number.NaN, Date.parse('9999-12-31T23:59:59.999Z') + 1, -1e14])(
  'the time %s cannot be written',
  (ms) => {
    expect(() => formatTimestamp(ms)).toThrow(
      expect.objectContaining({
        code: 'TIME_OUT_OF_RANGE',
        message: `A record cannot hold the time ${ms}.`,
        hint: 'Use a time between the years 0000 and 9999.',
      }),
    )
  },
)

test('exactly the days of the calendar are parsed', () => {
  const calendar = fc.record({
    year: fc.integer({ min: 1000, max: 9999 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
  })
  fc.assert(
    fc.property(calendar, ({ year, month, day }) => {
      const date = new Date(Date.UTC(year, month - 1, day))
      const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
      const real = date.getUTCMonth() === month - 1
      expect(parseTimestamp(`${text}T00:00:00Z`)).toBe(real ? date.getTime() : undefined)
    }),
  )
})

test.each([
  ['2026-06-08T12:00:00.000Z', '2026-06-08T12:00:00.001Z', true],
  ['2026-06-08T12:00:00.001Z', '2026-06-08T12:00:00.001Z', false],
  ['2026-06-08T12:00:00.002Z', '2026-06-08T12:00:00.001Z', false],
  ['2026-06-08T12:00:00+02:00', '2026-06-08T13:00:00+02:00', true],
  ['2026-06-08T13:00:00+02:00', '2026-06-08T12:00:00+01:00', false],
  ['2026-06-08T12:30:00+02:00', '2026-06-08T11:00:00Z', true],
  ['2026-06-08T12:00:00+02:00', '2026-06-08T11:30:00+01:00', true],
  ['2026-06-08T12:00:00.0+02:00', '2026-06-08T11:30:00.000000Z', true],
  ['2026-06-08T12:00:00Z', '2026-06-08T12:00:00.5Z', true],
  ['garbage', '2026-06-08T11:00:00Z', false],
  ['2026-06-08T11:00:00Z', 'garbage', false],
])('whether %s is before %s: %s', (a, b, earlier) => {
  expect(isEarlier(a, b)).toBe(earlier)
})

test('what is no time is refused with what it must be', () => {
  const messageOf = (schema: typeof TimestampSchema) => schema.safeParse('x').error?.issues
  expect(messageOf(TimestampSchema)).toMatchObject([
    { message: 'must be an ISO-8601 time with an offset' },
  ])
  expect(messageOf(NewTimestampSchema)).toMatchObject([
    { message: 'must be an ISO-8601 time in UTC with milliseconds' },
  ])
})
