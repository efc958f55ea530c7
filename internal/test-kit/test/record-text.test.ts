import { newOpId, parseOpRecord } from '@kitty/record'
import { describe, expect, test } from 'vitest'
import {
  byteOrderMark,
  closedRecordText,
  conflictMarkers,
  crlf,
  invalidUtf8,
  nulTail,
  openRecordText,
  tornTail,
} from '../src/index.js'

const id = newOpId()

test('an open and a closed record have no problems', () => {
  const open = parseOpRecord(openRecordText({ id }), { opId: id })
  expect([open.status, open.problems]).toEqual(['open', []])
  const closed = parseOpRecord(closedRecordText({ id }), { opId: id })
  expect([closed.status, closed.problems]).toEqual(['closed', []])
})

test('fields and events can be set', () => {
  const line = `{"event":"glossary_checked","invocation_id":"${id}"}`
  const link = { event: 'unknown', name: 'glossary_checked', line } as const
  const text = closedRecordText({
    id,
    started: { wp_id: 'WP01' },
    completed: { outcome: 'failed' },
    between: [link],
  })
  const { started, completed, events } = parseOpRecord(text)
  expect([started?.wp_id, completed?.outcome, events[1]]).toEqual(['WP01', 'failed', link])
})

describe('damage that the parser reports', () => {
  test.each([
    [tornTail, 'TORN_TAIL', 'open'],
    [nulTail, 'NUL_BYTES', 'open'],
    [conflictMarkers, 'CONFLICT_MARKER', 'closed'],
    [byteOrderMark, 'BYTE_ORDER_MARK', 'closed'],
    [crlf, 'CRLF', 'closed'],
    [invalidUtf8, 'INVALID_UTF8', 'open'],
  ])('%o', (damage, code, status) => {
    const record = parseOpRecord(damage(closedRecordText({ id })), { opId: id })
    expect(record.problems.map((problem) => problem.code)).toContain(code)
    expect(record.status).toBe(status)
  })
})
