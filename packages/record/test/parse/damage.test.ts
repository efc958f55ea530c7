import { describe, expect, test } from 'vitest'
import {
  formatLine,
  formatOpRecord,
  hasErrors,
  type OpRecord,
  PROBLEM_SEVERITIES,
  parseOpRecord,
} from '../../src/index.js'
import {
  codesOf,
  completed,
  ID,
  lineOf,
  OTHER_ID,
  recordOf,
  started,
  textOf,
} from '../support/records.js'

const [startedLine, completedLine] = [formatLine(started), formatLine(completed)]
const closedText = startedLine + completedLine
const made = new Set<string>()

/** Checks status and problems, and that no character of the text is lost. */
const reads = (text: string, status: OpRecord['status'], problems: [number, string][]) => {
  const record = parseOpRecord(text, { opId: ID })
  expect(record.problems.map(({ line, code }) => [line, code])).toEqual(problems)
  expect(record.status).toBe(status)
  expect(formatOpRecord(record)).toBe(text)
  for (const { code, severity, message } of record.problems) {
    made.add(code)
    expect(severity).toBe(PROBLEM_SEVERITIES[code])
    expect(message).toMatch(/^[a-z]/)
  }
}

describe('the text is damaged', () => {
  test('nothing in it', () => {
    for (const text of ['', '\n', ' \n\t\n']) reads(text, 'unreadable', [[1, 'NO_STARTED']])
  })

  test('a line in the middle is not JSON', () => {
    reads(`${startedLine}garbage\n${completedLine}`, 'closed', [[2, 'NOT_JSON']])
  })

  test('the last line is cut off', () => {
    reads(startedLine + completedLine.slice(0, 30), 'open', [[2, 'TORN_TAIL']])
    reads(startedLine.slice(0, 30), 'unreadable', [
      [1, 'TORN_TAIL'],
      [1, 'NO_STARTED'],
    ])
  })

  test('a torn tail that the next append terminated', () => {
    const text = `${startedLine}${completedLine.slice(0, 30)}\n${completedLine}`
    reads(text, 'closed', [[2, 'NOT_JSON']])
  })

  test('only the final newline is missing, so the last event counts', () => {
    reads(closedText.slice(0, -1), 'closed', [[2, 'MISSING_FINAL_NEWLINE']])
  })

  test('zeros instead of the last line', () => {
    reads(`${startedLine}\0\0\0\0`, 'open', [
      [2, 'NUL_BYTES'],
      [2, 'MISSING_FINAL_NEWLINE'],
    ])
    reads(`${startedLine}\0\0\n${completedLine}`, 'closed', [[2, 'NUL_BYTES']])
  })

  test('a byte-order mark, which is skipped', () => {
    reads(`\ufeff${closedText}`, 'closed', [[1, 'BYTE_ORDER_MARK']])
    reads('\ufeff', 'unreadable', [
      [1, 'BYTE_ORDER_MARK'],
      [1, 'NO_STARTED'],
    ])
  })

  test('conflict markers, with both sides present', () => {
    const other = formatLine({ ...completed, outcome: 'failed' })
    const text = `${startedLine}<<<<<<< HEAD\n${completedLine}||||||| base\n=======\n${other}>>>>>>> x\n`
    reads(text, 'closed', [
      [2, 'CONFLICT_MARKER'],
      [4, 'CONFLICT_MARKER'],
      [5, 'CONFLICT_MARKER'],
      [6, 'SECOND_COMPLETED'],
      [7, 'CONFLICT_MARKER'],
    ])
  })

  test('CRLF, reported once', () => {
    reads(closedText.replaceAll('\n', '\r\n'), 'closed', [[1, 'CRLF']])
    reads(`${startedLine}\r\n${completedLine.trim()}\r\n`, 'closed', [[2, 'CRLF']])
  })

  test('blank lines do not matter, but count as lines', () => {
    reads(`\n${startedLine}\n \n${completedLine}\n`, 'closed', [])
    reads(`\n\n${startedLine}x\n`, 'open', [[4, 'NOT_JSON']])
  })

  test('bytes that are not UTF-8, on their line', () => {
    const bytes = new TextEncoder().encode(closedText)
    const at = closedText.indexOf('agent')
    for (const input of [Uint8Array.from(bytes), Buffer.from(bytes)]) {
      input[at] = 0xff
      const record = parseOpRecord(input, { opId: ID })
      expect(codesOf(record)).toEqual(['INVALID_UTF8', 'EVENT_INVALID'])
      expect(record.problems[0]).toMatchObject({ line: 2, message: expect.stringMatching(/UTF-8/) })
      expect(record.lines[1]).toContain('\ufffdgent')
      expect(record.status).toBe('open')
      made.add('INVALID_UTF8')
    }
  })

  test('bytes that are not UTF-8 after a byte-order mark, which stays', () => {
    const record = parseOpRecord(Buffer.from('\xef\xbb\xbf\xff\n', 'latin1'))
    expect(codesOf(record)).toEqual(['INVALID_UTF8', 'BYTE_ORDER_MARK', 'NOT_JSON', 'NO_STARTED'])
    expect(formatOpRecord(record)).toBe('\ufeff\ufffd\n')
  })

  test('valid bytes are read like the text', () => {
    const bytes = new TextEncoder().encode(`\ufeff${closedText}`)
    expect(parseOpRecord(bytes)).toEqual(parseOpRecord(`\ufeff${closedText}`))
    expect(parseOpRecord(new Uint8Array())).toEqual(parseOpRecord(''))
  })
})

describe('the events do not match', () => {
  test('a second completed: only the first one counts', () => {
    const second = formatLine({ ...completed, outcome: 'failed' })
    reads(closedText + second, 'closed', [[3, 'SECOND_COMPLETED']])
    expect(parseOpRecord(closedText + second).completed?.outcome).toBe('done')
  })

  test('a second started: only the first one counts', () => {
    const second = formatLine({ ...started, action: 'other' })
    reads(startedLine + second + completedLine, 'closed', [[2, 'SECOND_STARTED']])
    expect(parseOpRecord(startedLine + second).started?.action).toBe('investigate')
  })

  test('completed before started: still closed', () => {
    reads(completedLine + startedLine, 'closed', [[2, 'COMPLETED_BEFORE_STARTED']])
  })

  test('completed without started', () => {
    reads(completedLine, 'closed', [[1, 'NO_STARTED']])
  })

  test('another event before started', () => {
    reads(`{"event":"x"}\n${closedText}`, 'closed', [[2, 'STARTED_NOT_FIRST']])
  })

  test('a completion by an older version', () => {
    reads(
      `${startedLine}{"event":"completed","invocation_id":"${ID}","completed_at":"2026-06-09T00:00:00Z","outcome":null,"closed_by":null}\n`,
      'closed',
      [[2, 'LEGACY_COMPLETION']],
    )
  })

  test('times run backwards', () => {
    const early = formatLine({ ...completed, completed_at: '2026-06-08T10:08:36.009+02:00' })
    reads(startedLine + early, 'closed', [[2, 'TIME_REVERSED']])
  })

  test('the mission has no ULID', () => {
    reads(textOf({ ...started, mission_id: 'a-slug' }), 'open', [[1, 'MISSION_ID_NOT_ULID']])
  })
})

describe('the ids do not match', () => {
  const otherCompleted = formatLine({ ...completed, invocation_id: OTHER_ID })

  test('a completed for another Op does not close', () => {
    reads(startedLine + otherCompleted, 'open', [[2, 'ID_MISMATCH']])
    reads(startedLine + otherCompleted + completedLine, 'closed', [[2, 'ID_MISMATCH']])
    expect(codesOf(parseOpRecord(startedLine + otherCompleted))).toEqual(['ID_MISMATCH'])
  })

  test('a file with the events of another Op is unreadable', () => {
    const record = parseOpRecord(closedText, { opId: OTHER_ID })
    expect(codesOf(record)).toEqual(['ID_MISMATCH', 'NO_STARTED', 'ID_MISMATCH'])
    expect(record).toMatchObject({ status: 'unreadable', invocation_id: OTHER_ID })
    expect(record.events).toHaveLength(2)
  })

  test('a link to another Op', () => {
    const link = { event: 'commit_link', at: started.started_at, sha: 'abc1234' }
    reads(startedLine + lineOf({ ...link, invocation_id: OTHER_ID }), 'open', [[2, 'ID_MISMATCH']])
  })

  test('an unknown event can have any id, or none', () => {
    reads(`${startedLine}{"event":"x","invocation_id":"?"}\n${completedLine}`, 'closed', [])
  })

  test('a file that is not named after an Op gets its id from its events', () => {
    const record = parseOpRecord(closedText, { opId: 'copy of record' })
    expect(record.problems).toMatchObject([
      { code: 'ID_MISMATCH', message: 'the file name is not an Op id' },
    ])
    expect(record).toMatchObject({ status: 'closed', invocation_id: ID })
  })

  test('without a name and without started the first event names the Op', () => {
    expect(recordOf(completed).invocation_id).toBe(ID)
    const unnamed = parseOpRecord('{"event":"x"}\n')
    expect(unnamed).toMatchObject({ status: 'unreadable', legacy: false })
    expect(Object.keys(unnamed)).not.toContain('invocation_id')
  })
})

describe('an event that fails its schema does not count', () => {
  test('completed leaves the Op open', () => {
    const bad = lineOf({ ...completed, outcome: 'perfect' })
    reads(startedLine + bad, 'open', [[2, 'EVENT_INVALID']])
    reads(startedLine + bad + completedLine, 'closed', [[2, 'EVENT_INVALID']])
  })

  test('started leaves the Op without a start', () => {
    const bad = formatLine({ ...started, action: '' })
    reads(bad, 'unreadable', [
      [1, 'EVENT_INVALID'],
      [1, 'NO_STARTED'],
    ])
  })

  test('but an Op with an invalid start time is open, since it must still be closed', () => {
    const bad = { ...started, started_at: 'yesterday' }
    reads(textOf(bad), 'open', [[1, 'EVENT_INVALID']])
    reads(textOf(bad, completed), 'closed', [[1, 'EVENT_INVALID']])
    reads(textOf({ ...bad, action: '' }), 'unreadable', [
      [1, 'EVENT_INVALID'],
      [1, 'NO_STARTED'],
    ])
    for (const started_at of [undefined, 5, null]) {
      const record = recordOf({ ...started, started_at }, completed)
      expect(record).toMatchObject({ status: 'closed', started: { started_at: '' } })
    }
  })
})

describe('a hostile file', () => {
  test('of invalid lines is unreadable, and does not hold up the parser', () => {
    const text = `${startedLine}${'x\n'.repeat(500_000)}${completedLine}`
    const inputs = [
      [text, 1002],
      [Buffer.from(text.replaceAll('x', '\xff'), 'latin1'), 1],
    ] as const
    for (const [input, line] of inputs) {
      const record = parseOpRecord(input, { opId: ID })
      expect(record.problems).toHaveLength(1002)
      expect(record).toMatchObject({ status: 'unreadable', events: [] })
      const message = 'the record has too many problems, so none of its events count'
      expect(record.problems).toContainEqual(
        expect.objectContaining({ line, code: 'TOO_MUCH_DAMAGE', message }),
      )
    }
    expect(formatOpRecord(parseOpRecord(text))).toBe(text)
    made.add('TOO_MUCH_DAMAGE')
  })

  test('that is too large is unreadable', () => {
    const record = parseOpRecord(startedLine + ' '.repeat(2 ** 26), { opId: ID })
    expect(record).toMatchObject({ status: 'unreadable', lines: [], invocation_id: ID })
    expect(record.problems.map(({ code }) => code)).toEqual(['TOO_LARGE', 'NO_STARTED'])
    made.add('TOO_LARGE')
  })
})

test('every code is tested above', () => {
  expect([...made].toSorted()).toEqual(Object.keys(PROBLEM_SEVERITIES).toSorted())
})

test('each problem has its severity', () => {
  const codesWith = (severity: string) =>
    Object.entries(PROBLEM_SEVERITIES).flatMap(([code, each]) => (each === severity ? [code] : []))
  expect(codesWith('info')).toEqual(['CRLF', 'LEGACY_COMPLETION'])
  expect(codesWith('warning')).toEqual([
    'BYTE_ORDER_MARK',
    'STARTED_NOT_FIRST',
    'MISSING_FINAL_NEWLINE',
    'MISSION_ID_NOT_ULID',
    'TIME_REVERSED',
  ])
  expect(codesWith('error')).toHaveLength(Object.keys(PROBLEM_SEVERITIES).length - 7)
})

test('only errors make a record damaged', () => {
  expect(hasErrors(parseOpRecord(closedText))).toBe(false)
  expect(hasErrors(parseOpRecord(closedText.slice(0, -1)))).toBe(false)
  expect(hasErrors(parseOpRecord(`${closedText}x\n`))).toBe(true)
})
