import { expect, test } from 'vitest'
import { addUsages, usageOf } from '../../src/index.js'
import { completed, ID, recordOf, started } from '../support/records.js'

const usage = { event: 'usage', invocation_id: ID, at: '2026-06-08T08:09:36.010Z' }

test('what an Op used is the sum of its reports', () => {
  const record = recordOf(
    started,
    { ...usage, model: 'large-1', input_tokens: 1000, cost_usd: 0.1 },
    { ...usage, model: 'small-1', input_tokens: 24, output_tokens: 7, cost_usd: 0.2 },
    { ...usage, model: null, duration_ms: null },
    completed,
  )
  expect(record.problems).toEqual([])
  expect(usageOf(record)).toEqual({
    input_tokens: 1024,
    output_tokens: 7,
    cost_usd: 0.3,
    models: ['large-1', 'small-1'],
  })
})

test('nothing is known of an Op without a report, and of no Ops', () => {
  expect(usageOf(recordOf(started, completed))).toBeUndefined()
  expect(addUsages([])).toBeUndefined()
  expect(addUsages([{ input_tokens: 1 }])).toStrictEqual({ input_tokens: 1 })
})

test('a report with a wrong type is damage, and counts for nothing', () => {
  const record = recordOf(started, { ...usage, input_tokens: 'many' }, completed)
  expect(record.problems).toMatchObject([{ line: 2, code: 'EVENT_INVALID' }])
  expect(usageOf(record)).toBeUndefined()
})
