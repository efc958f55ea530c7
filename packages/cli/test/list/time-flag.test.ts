import { describe, expect, it } from 'vitest'
import { parseTimeFlag } from '../../src/list/time-flag.js'

// A Wednesday, at noon local time.
const NOW = new Date(2026, 2, 18, 12, 0)

const since = (text: string): Date => new Date(parseTimeFlag('since', text, NOW))
const until = (text: string): Date => new Date(parseTimeFlag('until', text, NOW))

describe('a time that is typed', () => {
  it.each([
    ['now', NOW],
    ['90s', new Date(2026, 2, 18, 11, 58, 30)],
    ['2 hours ago', new Date(2026, 2, 18, 10)],
    ['1.5h', new Date(2026, 2, 18, 10, 30)],
    ['today', new Date(2026, 2, 18)],
    ['Yesterday', new Date(2026, 2, 17)],
    ['monday', new Date(2026, 2, 16)],
    ['wednesday', new Date(2026, 2, 11)],
    [' 2026-03-01 ', new Date(2026, 2, 1)],
    ['2026-03-01T12:30', new Date(2026, 2, 1, 12, 30)],
  ])('%s is where it begins', (text, moment) => {
    expect(since(text)).toEqual(moment)
  })

  it('is the end of a day for --until', () => {
    expect(until('yesterday')).toEqual(new Date(2026, 2, 17, 23, 59, 59, 999))
    expect(until('2026-03-01')).toEqual(new Date(2026, 2, 1, 23, 59, 59, 999))
  })

  it.each(['', 'soon', '2026-13-45', '5 lightyears', '2026-03-01Tnoon'])(
    '%s is invalid',
    (text) => {
      expect(() => since(text)).toThrow('invalid time')
    },
  )
})
