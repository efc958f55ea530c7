import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatIndexRow,
  indexRowOf,
  isIndexStartRow,
  newOpId,
  parseIndexRow,
} from '../../src/index.js'
import { newCompleted, newStarted } from '../support/arbitraries.js'
import { completed, ID, OTHER_ID, recordOf, started } from '../support/records.js'

const { closed_by: _closedBy, outcome: _outcome, ...legacy } = completed

describe('the row of a record', () => {
  test('has the fields of a list', () => {
    const inMission = { ...started, mission_id: OTHER_ID, wp_id: 'WP01' }
    expect(indexRowOf(recordOf(inMission, completed))).toEqual({
      invocation_id: ID,
      profile_id: 'debugger-debbie',
      action: 'investigate',
      started_at: started.started_at,
      completed_at: completed.completed_at,
      outcome: 'done',
      mission_id: OTHER_ID,
      wp_id: 'WP01',
    })
  })

  test('is `unknown` if the record has no outcome', () => {
    expect(indexRowOf(recordOf(started, legacy))?.outcome).toBe('unknown')
  })

  test('exists only for an Op that is closed and can be listed', () => {
    expect(indexRowOf(recordOf(started))).toBeUndefined()
    expect(indexRowOf(recordOf(completed))).toBeUndefined()
    expect(indexRowOf(recordOf({ ...started, started_at: '?' }, completed))).toBeUndefined()
  })
})

test('a row is one line, in the order of the format, and is parsed as it was written', () => {
  const pair = newStarted.chain((start) =>
    fc.tuple(fc.constant(start), newCompleted(start.invocation_id)),
  )
  fc.assert(
    fc.property(pair, ([start, end]) => {
      const row = indexRowOf(recordOf(start, end))
      const line = row && formatIndexRow(row)
      expect(line?.match(/\n/g)).toHaveLength(1)
      expect(line && parseIndexRow(line)).toEqual(row)
      expect(Object.isFrozen(row)).toBe(true)
    }),
  )
  const row = indexRowOf(recordOf(started, completed))
  expect(row && formatIndexRow(row)).toBe(
    `{"invocation_id":"${ID}","profile_id":"debugger-debbie","action":"investigate",` +
      '"started_at":"2026-06-08T08:08:36.010Z","completed_at":"2026-06-08T08:09:36.010Z","outcome":"done"}\n',
  )
})

test.each(['', 'x', '<<<<<<< HEAD', '[]', 'null', '{}', `{"invocation_id":"${ID}"}`])(
  'the line %j has no row',
  (line) => {
    expect(parseIndexRow(line)).toBeUndefined()
  },
)

test('a row of an Op that another program opened is known, and is no row of a closed one', () => {
  const row = `{"invocation_id": "${newOpId()}", "profile_id": "p", "started_at": "2026-06-08T08:08:36.010145+00:00"}`
  expect(isIndexStartRow(row)).toBe(true)
  expect(parseIndexRow(row)).toBeUndefined()
  for (const line of ['', '{}', 'null', row.slice(1), row.replace('"p"', '""'), '<<<<<<< HEAD']) {
    expect(isIndexStartRow(line)).toBe(false)
  }
})
