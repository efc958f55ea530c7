import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toJson } from '../../src/terminal/json.js'
import { printableLine, printableLines } from '../../src/terminal/printable.js'
import { pairs, table } from '../../src/terminal/table.js'

const OBEYED = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

const hostile = fc.string({
  unit: fc.constantFrom('\u001b', '[31m', '\u009b', '\r', '\n', '\u202e', 'a', '\u0007'),
})

describe('text from a record for a terminal', () => {
  it('escapes what a terminal would obey', () => {
    expect(printableLine('a\u001b[31mb\u009bc\u202ed\u0000')).toBe(
      'a\\u001b[31mb\\u009bc\\u202ed\\u0000',
    )
  })

  it('keeps one line', () => {
    expect(printableLine('one\r\ntwo\tthree\nfour')).toBe('one two three four')
    expect(printableLines('one\r\ntwo\nthree')).toEqual(['one', 'two', 'three'])
  })

  it('keeps other scripts and emoji', () => {
    expect(printableLine('größer 日本語 😺')).toBe('größer 日本語 😺')
  })

  it('contains nothing that a terminal obeys, for any input', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printableLine(text)).not.toMatch(OBEYED)
        expect(printableLines(text).join('')).not.toMatch(OBEYED)
        expect(table([[{ text }, { text: 'x' }]]).slice(0, -1)).not.toMatch(OBEYED)
        expect(pairs([['name', text]]).slice(0, -1)).not.toMatch(OBEYED)
      }),
    )
  })
})

describe('JSON', () => {
  it('is one document, on one line for programs and indented for people', () => {
    expect(toJson({ a: [1] }, false)).toBe('{"a":[1]}\n')
    expect(toJson({ a: 1 }, true)).toBe('{\n  "a": 1\n}\n')
  })

  it('has the exact content, in characters that no terminal obeys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), hostile, (value, text) => {
        const written = toJson({ value, text }, false)
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify({ value, text })))
        expect(written.slice(0, -1)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('a table', () => {
  it('aligns its columns, and pads no line end', () => {
    expect(
      table([
        [{ text: 'a' }, { text: 'b' }],
        [{ text: 'long' }, { text: '' }],
      ]),
    ).toBe('a     b\nlong\n')
  })

  it('paints cells without counting the escape sequences', () => {
    const paint = (text: string): string => `<${text}>`
    expect(
      table([
        [{ text: 'a', paint }, { text: 'b' }],
        [{ text: 'long' }, { text: 'c' }],
      ]),
    ).toBe('<a   >  b\nlong  c\n')
  })

  it('leaves out pairs that have no value', () => {
    expect(
      pairs([
        ['one', '1'],
        ['two', undefined],
      ]),
    ).toBe('  one  1\n')
  })
})
