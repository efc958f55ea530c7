import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSoundRecord, type OpEvent, type OpId, parseOpRecord } from '../../src/index.js'
import {
  extraFields,
  newArtifactLink,
  newCommitLink,
  newCompleted,
  newNote,
  newStarted,
} from '../support/arbitraries.js'
import { completed, ID, OTHER_ID, started, textOf } from '../support/records.js'

const isSound = (text: string | Uint8Array, id: OpId = ID): boolean =>
  isSoundRecord(Buffer.from(text), id)

const isSoundToParser = (bytes: Uint8Array, id: OpId): boolean => {
  const { status, problems, legacy } = parseOpRecord(bytes, { opId: id })
  return status === 'closed' && problems.length === 0 && !legacy
}

/** The events of a closed Op, whose times are as they may be. */
const closedOp: fc.Arbitrary<readonly OpEvent[]> = newStarted.chain((start) => {
  const id = start.invocation_id
  const between = fc.oneof(newArtifactLink, newCommitLink, newNote)
  return fc
    .tuple(fc.array(between, { maxLength: 3 }), newCompleted(id))
    .map(([links, end]): readonly OpEvent[] => [
      start,
      ...links.map((link) => ({ ...link, invocation_id: id })),
      end,
    ])
})

const changed = (bytes: Buffer): fc.Arbitrary<Buffer> => {
  const at = fc.nat({ max: bytes.length })
  const inserted = fc.oneof(
    fc.uint8Array({ maxLength: 2 }),
    fc.constantFrom('"', '\\', '\n', '\r\n', '}', '","x":1', 'é', '\u2028', '\ufeff', '\0'),
  )
  return fc.tuple(at, fc.nat({ max: 2 }), inserted).map(([from, length, more]) => {
    const insert = typeof more === 'string' ? Buffer.from(more) : more
    return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + length)])
  })
}

describe('a sound record', () => {
  test('is recognized in the form in which it is written, whatever its texts', () => {
    fc.assert(
      fc.property(closedOp, (events) => {
        const bytes = Buffer.from(textOf(...events))
        const id = events[0]?.event === 'started' ? events[0].invocation_id : ID
        expect(isSound(bytes, id)).toBe(isSoundToParser(bytes, id))
      }),
    )
  })

  test('is never one in which the parser finds a problem', () => {
    const withId = fc.tuple(closedOp, extraFields).map(([events, extra]) => {
      const [start, ...rest] = events
      const first = start?.event === 'started' ? { ...start, ...extra } : started
      return { id: first.invocation_id, bytes: Buffer.from(textOf(first, ...rest)) }
    })
    const damaged = withId.chain(({ id, bytes }) => changed(bytes).map((now) => ({ id, now })))
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          withId.map(({ id, bytes }) => ({ id, now: bytes })),
        ),
        (op) => {
          if (isSound(op.now, op.id)) expect(isSoundToParser(op.now, op.id)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each([
    ['open', textOf(started)],
    ['partly of another Op', textOf({ ...started, invocation_id: OTHER_ID }, completed)],
    ['of another Op', textOf(started, completed).replaceAll(ID, OTHER_ID)],
    ['closed twice', textOf(started, completed, completed)],
    [
      'ended before it began',
      textOf(started, { ...completed, completed_at: '2001-01-01T00:00:00.000Z' }),
    ],
    [
      'closed on a day that does not exist',
      textOf(started, completed).replace(
        /"completed_at":"\d{4}-\d\d-\d\d/,
        '"completed_at":"2999-02-29',
      ),
    ],
    ['without an end', textOf(started, completed).trimEnd()],
    ['with CR LF', textOf(started, completed).replaceAll('\n', '\r\n')],
    ['with a byte-order mark', `\ufeff${textOf(started, completed)}`],
    ['with an empty profile', textOf({ ...started, profile_id: '' }, completed)],
    [
      'with bytes that are not text',
      Buffer.from(textOf(started, completed).replace('fail?', '\xff'), 'latin1'),
    ],
    ['long', textOf({ ...started, request_text: 'x'.repeat(20_000) }, completed)],
  ])('is not one that is %s', (_, text) => {
    expect(isSound(text)).toBe(false)
  })
})
