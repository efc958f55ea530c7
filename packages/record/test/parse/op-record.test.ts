import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatLine, formatOpRecord, outcomeOf, parseOpRecord } from '../../src/index.js'
import { hostileText, newArtifactLink, newStarted, unknownEvent } from '../support/arbitraries.js'
import { completed, ID, isDeeplyFrozen, recordOf, started, textOf } from '../support/records.js'

const link = {
  event: 'artifact_link' as const,
  invocation_id: ID,
  at: '2026-06-08T08:09:00.000Z',
  kind: 'file',
  ref: 'src/a.ts',
}

describe('a valid record', () => {
  test('is open until it is completed', () => {
    expect(parseOpRecord(textOf(started), { opId: ID })).toEqual({
      invocation_id: ID,
      status: 'open',
      started,
      events: [started],
      lines: [formatLine(started).trim(), ''],
      problems: [],
      legacy: false,
    })
  })

  test('is closed wherever completed is', () => {
    for (const events of [
      [started, link, completed],
      [started, completed, link],
    ]) {
      const record = parseOpRecord(textOf(...events), { opId: ID })
      expect(record).toMatchObject({ status: 'closed', started, completed, events, problems: [] })
    }
  })

  test('has the type that its status says', () => {
    const closed = recordOf(started, completed)
    expect(closed.status === 'closed' && closed.completed.outcome).toBe('done')
    expect(closed.status === 'closed' && outcomeOf(closed).length).toBe(4)
    const open = recordOf(started)
    expect(open.status === 'open' && open.started.action).toBe('investigate')
    expect(open.status !== 'unreadable' && open.invocation_id.length).toBe(26)
  })

  test('is not closed by an event that only resembles it', () => {
    const text = `${textOf(started)}{"event":"Completed"}\n{"event":"glossary_checked","n":1}\n`
    const record = parseOpRecord(text)
    expect(record).toMatchObject({ status: 'open', problems: [] })
    expect(record.events.slice(1)).toEqual([
      { event: 'unknown', name: 'Completed', line: '{"event":"Completed"}' },
      { event: 'unknown', name: 'glossary_checked', line: '{"event":"glossary_checked","n":1}' },
    ])
  })

  test('keeps what JSON parsing loses: repeated keys, large numbers, spacing, escapes', () => {
    const line = `{"event": "x", "a":1, "a":2, "big": 12345678901234567890, "u": "\\u00e9"} \r\n`
    const record = parseOpRecord(textOf(started) + line)
    expect(formatOpRecord(record)).toBe(textOf(started) + line)
    expect(record.events.slice(1).map(formatLine)).toEqual([line])
  })

  test('is deeply frozen, even with problems', () => {
    const deep = { ...started, mission_id: 'slug', novel: [{ a: { b: [null, {}] } }] }
    expect(isDeeplyFrozen(parseOpRecord(textOf(deep, link, completed)))).toBe(true)
    expect(isDeeplyFrozen(parseOpRecord('x'))).toBe(true)
  })
})

/** Records with changes as by a crash, a merge or an editor. */
const mangledRecord = fc
  .tuple(fc.array(fc.oneof(newStarted, newArtifactLink, unknownEvent)), fc.nat(), hostileText)
  .map(([events, at, text]) => {
    const whole = textOf(started, ...events, completed)
    const cut = at % (whole.length + 1)
    return [
      whole.slice(0, cut) + text + whole.slice(cut),
      whole.slice(cut) + whole,
      whole.slice(0, cut),
    ]
  })

describe('whatever the input', () => {
  test('text is parsed without an exception, and formatted back unchanged', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), hostileText)
    fc.assert(
      fc.property(anything, fc.option(anything, { nil: undefined }), (text, opId) => {
        expect(formatOpRecord(parseOpRecord(text, opId === undefined ? {} : { opId }))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test('so are mangled records, whose intact lines decide whether they are open or closed', () => {
    fc.assert(
      fc.property(mangledRecord, (texts) => {
        for (const text of texts) {
          const record = parseOpRecord(text, { opId: ID })
          expect(formatOpRecord(record)).toBe(text)
          expect(record.status === 'closed').toBe(record.completed !== undefined)
          expect(
            record.problems.every(({ line }) => line >= 1 && line <= record.lines.length),
          ).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('bytes are parsed without an exception, and valid UTF-8 is formatted back unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const record = parseOpRecord(bytes)
        const sound = record.problems.every(({ code }) => code !== 'INVALID_UTF8')
        expect(Buffer.from(formatOpRecord(record)).equals(bytes)).toBe(sound)
      }),
      { numRuns: 500 },
    )
  })

  test('very many problems are only reported', () => {
    const record = parseOpRecord(textOf(started) + `${formatLine(completed)}`.repeat(200_000))
    expect(record.problems).toHaveLength(199_999)
  })

  test('problems are in the order of the lines', () => {
    const lines = parseOpRecord(
      `${textOf(completed)}x\n${textOf(started)}y\n${textOf(started)}`,
    ).problems.map(({ line }) => line)
    expect(lines).toEqual([2, 3, 4, 5])
  })
})
