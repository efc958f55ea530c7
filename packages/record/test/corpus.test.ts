import { describe, expect, test } from 'vitest'
import {
  formatLifecycleLine,
  formatLine,
  formatOpCommitMessage,
  formatOpRecord,
  hasErrors,
  indexRowOf,
  isCommitMessageOf,
  outcomeOf,
  pairLifecycle,
  parseLifecycleLog,
  parseOpRecord,
} from '../src/index.js'
import { corpusFiles, corpusIsThere, corpusLifecycleLog } from './support/corpus.js'

const OPTIONAL = ['router_confidence', 'mission_id', 'wp_id', 'model_id', 'mode_of_work']
const COMPLETED_OPTIONAL = ['outcome', 'closed_by', 'evidence_ref']

const withoutNullOptionals = (line: string): unknown => {
  const event = JSON.parse(line)
  const optional = event.event === 'completed' ? COMPLETED_OPTIONAL : OPTIONAL
  const kept = Object.entries(event).filter(
    ([key, value]) => value !== null || !optional.includes(key),
  )
  return Object.fromEntries(kept)
}

describe.skipIf(!corpusIsThere)('real records (in ../shared/corpus)', () => {
  const files = corpusIsThere ? corpusFiles() : []
  const records = files.map(({ text, opId }) => parseOpRecord(text, { opId }))
  const closed = records.filter((record) => record.status === 'closed')

  test('are all read', () => {
    const count = (status: string) => records.filter((record) => record.status === status).length
    expect([count('closed'), count('open'), count('unreadable')]).toEqual([188, 11, 0])
    expect(records.filter((record) => record.legacy)).toHaveLength(5)
    expect(records.filter((record) => outcomeOf(record) === 'unknown')).toHaveLength(3)
    expect(records.some(hasErrors)).toBe(false)
  })

  test('are formatted back unchanged, as text and as bytes', () => {
    for (const { text } of files) {
      expect(formatOpRecord(parseOpRecord(text))).toBe(text)
      expect(formatOpRecord(parseOpRecord(Buffer.from(text)))).toBe(text)
    }
  })

  test('lose no field and no event if each event is formatted again', () => {
    for (const { text, opId } of files) {
      const { events } = parseOpRecord(text, { opId })
      const lines = text.split('\n').filter((line) => line !== '')
      const again = events.map((event) => JSON.parse(formatLine(event)))
      expect(again).toEqual(lines.map(withoutNullOptionals))
    }
  })

  test('have a commit message and an index row if they are closed', () => {
    for (const record of closed) {
      expect(isCommitMessageOf(formatOpCommitMessage(record), record)).toBe(true)
      expect(indexRowOf(record)?.outcome).toBe(outcomeOf(record))
    }
  })

  test('have a lifecycle log, whose blank line is skipped', () => {
    const text = corpusLifecycleLog()
    const log = parseLifecycleLog(text)
    expect(text).toMatch(/\n\n/)
    expect(log).toMatchObject({ skipped: 0, repeated: 0 })
    expect(log.events).toHaveLength(text.split('\n').filter((line) => line !== '').length)
    expect(log.events.map((event) => JSON.parse(formatLifecycleLine(event)))).toEqual(log.events)
    expect(pairLifecycle(log.events)).toMatchObject({ rate: 25 / 31 })
  })
})
