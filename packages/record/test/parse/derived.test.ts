import { describe, expect, test } from 'vitest'
import { type CompletedEvent, durationMs, modeOfWork, outcomeOf } from '../../src/index.js'
import { completed, recordOf, started } from '../support/records.js'

const { outcome: _outcome, closed_by: _closedBy, ...bare } = completed
const legacy: CompletedEvent = bare

describe('the outcome', () => {
  test('is that of the completion', () => {
    for (const outcome of ['done', 'failed', 'abandoned'] as const) {
      expect(outcomeOf(recordOf(started, { ...completed, outcome }))).toBe(outcome)
    }
  })

  test('is unknown if an older completion has none, and never done', () => {
    const record = recordOf(started, legacy)
    expect(outcomeOf(record)).toBe('unknown')
    expect(record.legacy).toBe(true)
    expect(outcomeOf(recordOf(started, { ...legacy, outcome: 'failed' }))).toBe('failed')
  })

  test('is undefined while the Op is open', () => {
    expect(outcomeOf(recordOf(started))).toBeUndefined()
  })
})

describe('the duration', () => {
  test('is in milliseconds, across offsets', () => {
    expect(durationMs(recordOf(started, completed))).toBe(60_000)
    const elsewhere = { ...completed, completed_at: '2026-06-08T10:08:37.010+02:00' }
    expect(durationMs(recordOf(started, elsewhere))).toBe(1000)
    const atOnce = { ...completed, completed_at: started.started_at }
    expect(durationMs(recordOf(started, atOnce))).toBe(0)
  })

  test.each([
    ['the Op is open', recordOf(started)],
    ['there is no start', recordOf(completed)],
    [
      'the close is before the start',
      recordOf(started, { ...completed, completed_at: '2025-01-01T00:00:00Z' }),
    ],
    ['the start time cannot be parsed', recordOf({ ...started, started_at: '?' }, completed)],
  ])('is undefined if %s', (_, record) => {
    expect(durationMs(record)).toBeUndefined()
  })
})

test.each([
  ['task_execution', 'task_execution'],
  ['query', 'query'],
  ['gardening', 'undetermined'],
  [7, 'undetermined'],
  [undefined, undefined],
])('the mode of work %j is read as %s', (mode_of_work, meaning) => {
  const { started: event } = recordOf({ ...started, mode_of_work })
  expect(event && modeOfWork(event)).toBe(meaning)
})
