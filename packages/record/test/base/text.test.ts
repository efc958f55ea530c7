import { expect, test } from 'vitest'
import { deepFreeze } from '../../src/base/freeze.js'
import { oneLine } from '../../src/base/one-line.js'
import { isDeeplyFrozen } from '../support/records.js'

test('text becomes one line that keeps its order on screen', () => {
  const breaks = [
    '\n',
    '\r',
    '\t',
    '\0',
    '\u007f',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u202a',
    '\u202e',
  ]
  for (const each of [...breaks, '\u2066', '\u2069']) expect(oneLine(`a${each}b`)).toBe('a b')
  expect(oneLine('a\ud800b\udfffc')).toBe('a\ufffdb\ufffdc')
  for (const plain of ['', 'a b', 'é🐱 \u2027\u202f\u2065\u206a', 'שלום']) {
    expect(oneLine(plain)).toBe(plain)
  }
})

test('a value is frozen with everything in it', () => {
  const value = { a: [{ b: {} }, null, 7], c: { d: { e: 'f' } } }
  deepFreeze(value)
  expect(isDeeplyFrozen(value)).toBe(true)
  expect(Object.isFrozen(value.a[0])).toBe(true)
})
