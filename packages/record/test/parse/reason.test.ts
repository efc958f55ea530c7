import { expect, test } from 'vitest'
import { parseOpRecord, reasonOf } from '../../src/index.js'
import { completed, ID, recordOf, started, textOf } from '../support/records.js'

const at = '2026-06-08T08:09:36.010Z'
const note = { event: 'note', invocation_id: ID, at, text: 'The disk was full.' }

test('the reason of an Op is the text of its note', () => {
  const record = recordOf(started, note, completed)
  expect(record).toMatchObject({ status: 'closed', problems: [] })
  expect(record.events.map(({ event }) => event === 'note')).toEqual([false, true, false])
  expect(reasonOf(record)).toBe('The disk was full.')
})

test('an Op without a note has no reason', () => {
  expect(reasonOf(recordOf(started, completed))).toBeUndefined()
})

test('of several notes, as after a merge, the last one counts', () => {
  expect(reasonOf(recordOf(started, note, { ...note, text: 'Later.' }, completed))).toBe('Later.')
})

test('a note without text is damage, and closes nothing', () => {
  const record = parseOpRecord(textOf(started, { event: 'note', invocation_id: ID, at }))
  expect(record).toMatchObject({ status: 'open', problems: [{ line: 2, code: 'EVENT_INVALID' }] })
  expect(reasonOf(record)).toBeUndefined()
})
