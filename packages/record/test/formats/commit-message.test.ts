import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  archiveSubject,
  formatOpCommitMessage,
  isCommitMessageOf,
  type OpRecord,
  opCommitSubject,
  outcomeOf,
  parseOpCommitMessage,
  untrackSubject,
} from '../../src/index.js'
import { hostileText } from '../support/arbitraries.js'
import { completed, ID, OTHER_ID, recordOf, started } from '../support/records.js'

const { closed_by: _, outcome: __, ...legacy } = completed
const inMission = { ...started, mission_id: OTHER_ID, wp_id: 'WP01' }

/** Closed records, however hostile, that can be parsed. */
const hostileRecord: fc.Arbitrary<OpRecord> = fc
  .record({
    profile_id: hostileText.map((text) => text || 'p'),
    action: hostileText.map((text) => text || 'a'),
    mission_id: fc.option(hostileText, { nil: undefined }),
    wp_id: fc.option(hostileText, { nil: undefined }),
    outcome: fc.constantFrom('done', 'failed', 'abandoned', undefined),
  })
  .map(({ outcome, ...fields }) => recordOf({ ...started, ...fields }, { ...legacy, outcome }))

describe('the message of a closed Op', () => {
  test('is subject, empty line and trailers', () => {
    expect(formatOpCommitMessage(recordOf(started, completed))).toBe(
      `op(debugger-debbie): investigate [01KTK4DF]\n\nOp-Id: ${ID}\nOp-Outcome: done\n`,
    )
    expect(formatOpCommitMessage(recordOf(inMission, legacy))).toBe(
      `op(debugger-debbie): investigate [01KTK4DF]\n\nOp-Id: ${ID}\nOp-Outcome: unknown\nOp-Mission: ${OTHER_ID}\nOp-Work-Package: WP01\n`,
    )
  })

  test('shows hostile text on one line', () => {
    const profile_id = 'a\nb\u2028c\x1b[31m): x\u202e'
    const record = recordOf({ ...started, profile_id, action: '\r\n\nOp-Id: fake' }, completed)
    expect(opCommitSubject(record)).toBe('op(a b c [31m): x ):    Op-Id: fake [01KTK4DF]')
  })

  test('has no spaces around a value, and no trailer without one', () => {
    const withSpaces = recordOf({ ...started, mission_id: ' M1\n', wp_id: '\n ' }, completed)
    const trailers = `Op-Id: ${ID}\nOp-Outcome: done\nOp-Mission: M1\n`
    expect(formatOpCommitMessage(withSpaces).split('\n\n')[1]).toBe(trailers)
    const around = recordOf({ ...started, mission_id: '\n', wp_id: ' W1 ' }, completed)
    expect(formatOpCommitMessage(around)).toMatch(/done\nOp-Work-Package: W1\n$/)
  })

  test('exists for a damaged record, too', () => {
    const subject = 'op(unknown): unknown [01KTK4DF]'
    expect(opCommitSubject(recordOf(completed))).toBe(subject)
    const message = `${subject}\n\nOp-Id: ${ID}\nOp-Outcome: done\n`
    expect(formatOpCommitMessage(recordOf(completed))).toBe(message)
  })

  test('does not exist for an open Op, nor for an unreadable record', () => {
    for (const record of [recordOf(started), recordOf()]) {
      expect(() => formatOpCommitMessage(record)).toThrow(
        expect.objectContaining({
          code: 'OP_NOT_CLOSED',
          message: 'Only a closed Op has a commit message.',
          hint: 'Close the Op first.',
        }),
      )
      expect(isCommitMessageOf('op(x): y [01KTK4DF]', record)).toBe(false)
    }
  })
})

describe('of any record', () => {
  test('the message has exactly the expected lines, with the content of the record', () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const message = formatOpCommitMessage(record)
        const [subject, empty, ...trailers] = message.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
        expect([subject, empty]).toEqual([opCommitSubject(record), ''])
        expect(trailers.map((line) => line.split(':')[0])).toEqual([
          'Op-Id',
          'Op-Outcome',
          ...(message.includes('\nOp-Mission: ') ? ['Op-Mission'] : []),
          ...(message.includes('\nOp-Work-Package: ') ? ['Op-Work-Package'] : []),
          '',
        ])
        expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  test('what is formatted is parsed again', () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const parts = parseOpCommitMessage(formatOpCommitMessage(record))
        expect(parts).toMatchObject({ op_id: ID, outcome: outcomeOf(record) })
        expect(parts?.subject).toBe(opCommitSubject(record))
        const { mission_id = '', wp_id = '' } = record.started ?? {}
        expect(letters(parts?.mission_id)).toBe(letters(mission_id))
        expect(letters(parts?.wp_id)).toBe(letters(wp_id))
      }),
    )
  })

  test('a message belongs to its record, but not with any other character', () => {
    fc.assert(
      fc.property(
        hostileRecord,
        fc.nat(),
        fc.constantFrom('', 'x', '\n', ' '),
        (record, at, other) => {
          const message = formatOpCommitMessage(record)
          expect(isCommitMessageOf(message, record)).toBe(true)
          const place = at % (message.length - 1)
          const changed = message.slice(0, place) + other + message.slice(place + 1)
          expect(isCommitMessageOf(changed, record)).toBe(changed === message)
        },
      ),
    )
  })

  test('a round trip through UTF-8 changes no message', () => {
    fc.assert(
      fc.property(hostileRecord, (record) => {
        const stored = Buffer.from(formatOpCommitMessage(record)).toString()
        expect(isCommitMessageOf(stored, record)).toBe(true)
      }),
    )
  })
})

/** The rest of a text without all replaceable characters. */
const letters = (text = ''): string => text.replace(/[^\p{L}\p{N}]/gu, '')

test('line ends after the message do not matter: git adds and strips them', () => {
  const record = recordOf(inMission, completed)
  const message = formatOpCommitMessage(record)
  expect(isCommitMessageOf(message.trimEnd(), record)).toBe(true)
  expect(isCommitMessageOf(`${message}\n\n`, record)).toBe(true)
  expect(isCommitMessageOf(`${message} \n`, record)).toBe(false)
})

describe('parsing a message', () => {
  const message = formatOpCommitMessage(recordOf(inMission, completed))
  const parts = {
    subject: 'op(debugger-debbie): investigate [01KTK4DF]',
    op_id: ID,
    outcome: 'done',
    mission_id: OTHER_ID,
    wp_id: 'WP01',
  }

  test('there can be other trailers, and text before them', () => {
    expect(parseOpCommitMessage(message)).toEqual(parts)
    expect(parseOpCommitMessage(`${message}Signed-off-by: A <a@b.c>\n`)).toEqual(parts)
    expect(parseOpCommitMessage(message.replace('\n\n', '\n\nWhy, and how.\n\n'))).toEqual(parts)
  })

  test('there can be any number of spaces around a value', () => {
    const spaced = message.replace('Op-Id: ', 'Op-Id:').replace('done', '  done  ')
    expect(parseOpCommitMessage(spaced)).toEqual(parts)
  })

  test('a value that is there twice does not count', () => {
    const { mission_id: _, ...others } = parts
    expect(parseOpCommitMessage(`${message}Op-Mission: another\n`)).toEqual(others)
  })

  test.each([
    ['empty', ''],
    ['with a line end of another kind in a value', message.replace('done', 'done\u2028x')],
    ['with a subject that only contains it', `x${message}`],
    ['with an id that only begins a line', message.replace('Op-Id', 'x Op-Id')],
    ['only a subject', 'op(x): y [01KTK4DF]\n'],
    ['of another kind', message.replace('op(', 'feat(')],
    ['without an id', message.replace(/Op-Id.*\n/, '')],
    ['with a wrong id', message.replace(`Op-Id: ${ID}`, 'Op-Id: 7')],
    ['with a wrong outcome', message.replace('done', 'perfect')],
    ['of two Ops', `${message}Op-Id: ${OTHER_ID}\n`],
    ['without the empty line', message.replace('\n\n', '\n')],
    ['with text after the trailers', `${message}\nand more\n`],
  ])('a message that is %s belongs to no Op', (_kind, text) => {
    expect(parseOpCommitMessage(text)).toBeUndefined()
  })
})

test('an archive commit has the number of Ops, and is not an Op commit', () => {
  expect(archiveSubject(12)).toBe('chore(kitty-ops): archive 12 Ops')
  expect(untrackSubject('a/b')).toBe('chore(kitty-ops): untrack a/b')
  for (const subject of [archiveSubject(12), untrackSubject('a/b')]) {
    expect(parseOpCommitMessage(subject)).toBeUndefined()
  }
})
