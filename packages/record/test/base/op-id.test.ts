import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOpId, newOpId, opIdTime, parseOpId, shortOpId } from '../../src/index.js'
import { OpIdSchema } from '../../src/schemas.js'
import { ID } from '../support/records.js'

const LATEST = 2 ** 48 - 1

test('an id is a ULID with its time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: LATEST }), (at) => {
      const id = newOpId(at)
      expect(isOpId(id)).toBe(true)
      expect(OpIdSchema.parse(id)).toBe(id)
      expect(parseOpId(id)).toBe(id)
      expect(opIdTime(id)).toBe(at)
    }),
  )
})

test('without a time it has the current time', () => {
  const before = Date.now()
  const time = opIdTime(newOpId())
  expect(time).toBeGreaterThanOrEqual(before)
  expect(time).toBeLessThanOrEqual(Date.now())
})

test('ids of the same and of later milliseconds sort in the order of their creation', () => {
  const ids = [5, 5, 5, 6, 6, 9].map((ms) => newOpId(1_700_000_000_000 + ms))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

test('a time before the last one is kept', () => {
  newOpId(1_700_000_000_000)
  expect(opIdTime(newOpId(1_600_000_000_000))).toBe(1_600_000_000_000)
})

test.each([0, -1, 1.5, Number.NaN, LATEST + 1])('no id can be created for the time %s', (at) => {
  expect(() => newOpId(at)).toThrow(
    expect.objectContaining({
      code: 'TIME_OUT_OF_RANGE',
      message: `Cannot create an id for the time ${at}.`,
      hint: 'Use whole milliseconds since 1970, from 1 to 281474976710655.',
    }),
  )
})

test.each([1, LATEST])('the time %s has an id', (at) => {
  expect(opIdTime(newOpId(at))).toBe(at)
})

test.each([
  ['too short', ID.slice(1)],
  ['too long', `${ID}0`],
  ['in lowercase', ID.toLowerCase()],
  ['with a letter that is not used', `${ID.slice(0, -1)}U`],
  ['too late for 48 bits', `8${ID.slice(1)}`],
  ['with a newline', `${ID}\n`],
  ['empty', ''],
])('an id that is %s is not valid', (_, text) => {
  expect(isOpId(text)).toBe(false)
  expect(OpIdSchema.safeParse(text).error?.issues[0]?.message).toBe('must be a ULID')
  expect(() => parseOpId(text)).toThrow(expect.objectContaining({ code: 'OP_ID_INVALID' }))
})

test('an invalid id is quoted and cut off, with a hint', () => {
  expect(() => parseOpId('a\n')).toThrow(
    expect.objectContaining({
      message: 'Not an Op id: "a\\n"',
      hint: 'Use a ULID: 26 digits or capital letters without I, L, O and U, the first from 0 to 7.',
    }),
  )
  expect(() => parseOpId('x'.repeat(1000))).toThrow(/^Not an Op id: "x{79}$/)
})

test('a caller without types gets the same error', () => {
  const parse: (value: never) => unknown = parseOpId
  const values: readonly never[] = JSON.parse('[null, 7, {}, []]')
  for (const value of values) {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'OP_ID_INVALID' }))
  }
})

test('a value that is not text is not an id', () => {
  expect([undefined, null, 7, {}, [ID]].some(isOpId)).toBe(false)
  expect(OpIdSchema.safeParse(7).error?.issues[0]?.message).toBe('must be a ULID')
})

test('the short form is the first eight characters', () => {
  expect(shortOpId(ID)).toBe('01KTK4DF')
})
