import { describe, expect, it } from 'vitest'
import {
  formatOpRecord,
  newOpId,
  type OpId,
  outcomeOf,
  parseOpClosures,
  parseOpRecord,
  withClosure,
} from '../../src/index.js'

const started = (op: OpId): string =>
  `{"event": "started", "invocation_id": "${op}", "profile_id": "p", "action": "a", "started_at": "2026-06-08T08:08:36.010145+00:00"}\n`

const closureRow = (op: OpId): string =>
  `{"event": "completed", "invocation_id": "${op}", "completed_at": "2026-06-09T08:08:36.010902+00:00", "outcome": "abandoned", "closed_by": "doctor_sweep", "evidence_ref": null}\n`

const [id, other] = [newOpId(), newOpId()]
const row = closureRow(id)

describe('parseOpClosures', () => {
  it('keeps the first row of each Op, in file order', () => {
    const second = row.replace('"abandoned"', '"failed"')
    const { closures, problems } = parseOpClosures(closureRow(other) + row + second)
    expect(closures.map((each) => [each.invocation_id, each.outcome])).toEqual([
      [other, 'abandoned'],
      [id, 'abandoned'],
    ])
    expect(problems).toEqual([])
  })

  it('reports every line that it cannot read, and skips it', () => {
    const bad = [
      row.replace('"outcome": "abandoned"', '"outcome": null'),
      row.replace('"closed_by": "doctor_sweep", ', ''),
      row.replace('"completed"', '"glossary_checked"'),
      started(id),
      '<<<<<<< HEAD\n',
      '[]\n',
      row.slice(0, 40),
    ]
    const { closures, problems } = parseOpClosures(`\uFEFF${closureRow(other)}\n${bad.join('')}`)
    expect(closures.map(({ invocation_id }) => invocation_id)).toEqual([other])
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [1, 'BYTE_ORDER_MARK'],
      [3, 'EVENT_INVALID'],
      [4, 'EVENT_INVALID'],
      [5, 'EVENT_INVALID'],
      [6, 'EVENT_INVALID'],
      [7, 'CONFLICT_MARKER'],
      [8, 'EVENT_INVALID'],
      [9, 'NOT_JSON'],
    ])
  })

  it('ignores blank lines, and reports problems by line', () => {
    const text = `${row} \t\nx\n${closureRow(other).trim()}\r\n`
    const { closures, problems } = parseOpClosures(text)
    expect(closures).toHaveLength(2)
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [3, 'NOT_JSON'],
      [4, 'CRLF'],
    ])
  })

  it('says what is wrong with a line, and cannot be changed', () => {
    const parsed = parseOpClosures(row + started(id))
    expect(parsed.problems).toMatchObject([
      { message: 'the line is not a completion with an outcome and closed_by' },
    ])
    expect(Object.isFrozen(parsed)).toBe(true)
    expect(Object.isFrozen(parsed.closures) && Object.isFrozen(parsed.problems)).toBe(true)
  })

  it('returns at most a thousand unreadable lines, whatever it is given', () => {
    expect(parseOpClosures('x\n'.repeat(2_000)).problems).toHaveLength(1_000)
    expect(parseOpClosures(Uint8Array.of(0xff, 0x0a)).problems[0]?.code).toBe('INVALID_UTF8')
    expect(parseOpClosures('').closures).toEqual([])
  })
})

describe('withClosure', () => {
  const [closure] = parseOpClosures(row).closures
  if (closure === undefined) throw new Error('There is a row.')

  it('closes an open record of the same Op, and leaves its lines as they are', () => {
    const text = started(id)
    const record = withClosure(parseOpRecord(text), closure)
    expect(record).toMatchObject({ status: 'closed', beside: true, legacy: false })
    expect(outcomeOf(record)).toBe('abandoned')
    expect(record.events.map(({ event }) => event)).toEqual(['started', 'completed'])
    expect(formatOpRecord(record)).toBe(text)
    expect(Object.isFrozen(record) && Object.isFrozen(record.events)).toBe(true)
  })

  it("leaves a record that its own completion closes, another Op's, and an unreadable one", () => {
    const texts = [started(id) + row, started(other), 'x\n']
    for (const record of texts.map((text) => parseOpRecord(text))) {
      expect(withClosure(record, closure)).toBe(record)
    }
  })
})
