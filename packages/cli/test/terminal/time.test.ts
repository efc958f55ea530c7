import { newOpId } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { candidatesText } from '../../src/find/candidates.js'
import { parseTimeFlag } from '../../src/list/time-flag.js'
import { PLAIN } from '../../src/terminal/style.js'
import { ageText, momentText, spanText } from '../../src/terminal/time.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('a span of time', () => {
  it.each([
    [0, '0 ms'],
    [420, '420 ms'],
    [1_240, '1.2 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_600, '1m 00s'],
    [4 * MINUTE + 5 * SECOND, '4m 05s'],
    [HOUR - 1, '1h 00m'],
    [2 * HOUR + 10 * MINUTE, '2h 10m'],
    [DAY - 1, '1d 0h'],
    [3 * DAY + 4 * HOUR, '3d 4h'],
  ])('%d ms is %s', (ms, text) => {
    expect(spanText(ms)).toBe(text)
  })

  it.each([
    [-5 * MINUTE, 'now'],
    [59 * SECOND, 'now'],
    [5 * MINUTE, '5m ago'],
    [47 * HOUR, '47h ago'],
    [12 * DAY, '12d ago'],
  ])('%d ms ago is %s', (ms, text) => {
    expect(ageText(ms)).toBe(text)
  })

  it('an invalid start time is shown as a dash', () => {
    const op = { status: 'open', profile_id: 'p', action: 'a', started_at: 'soon' } as const
    const text = candidatesText([{ ...op, invocation_id: newOpId() }], PLAIN)
    expect(text).toMatch(/ open +- +a by p\n$/)
  })

  it('a time is shown in the local time zone', () => {
    expect(momentText(new Date(2026, 2, 1, 4, 5, 6))).toBe('2026-03-01 04:05:06')
  })
})

describe('a time that is typed', () => {
  const now = new Date('2026-03-10T12:00:00Z')

  it.each([
    ['90s', 90 * SECOND],
    ['90m', 90 * MINUTE],
    ['2h', 2 * HOUR],
    ['1.5h', 90 * MINUTE],
    [' 3d ', 3 * DAY],
    ['1w', 7 * DAY],
  ])('%s is before now', (text, ago) => {
    expect(parseTimeFlag('since', text, now)).toBe(now.getTime() - ago)
  })

  it('a time is that time', () => {
    expect(parseTimeFlag('since', '2026-03-01T10:00Z', now)).toBe(Date.UTC(2026, 2, 1, 10))
    expect(parseTimeFlag('until', '2026-03-01 10:00', now)).toBe(new Date(2026, 2, 1, 10).getTime())
  })

  it('a day is a whole local day', () => {
    expect(parseTimeFlag('since', '2026-03-01', now)).toBe(new Date(2026, 2, 1).getTime())
    expect(parseTimeFlag('until', '2026-03-01', now)).toBe(new Date(2026, 2, 2).getTime() - 1)
  })

  it.each([
    '',
    'soon',
    '2026',
    '2026-13-01',
    '5',
    '-2h',
    '2026-03-01Tnoon',
    '2026-02-30',
    '2026-02-30T10:00Z',
  ])('%j is none', (text) => {
    expect(() => parseTimeFlag('since', text, now)).toThrow(
      expect.objectContaining({ code: 'TIME_INVALID' }),
    )
  })
})
