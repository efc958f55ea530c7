import { describe, expect, it } from 'vitest'
import { isUncommitted, parseBlame, unquotedPath } from '../../src/blame/porcelain.js'

const [ONE, TWO, NONE] = ['1'.repeat(40), '2'.repeat(64), '0'.repeat(40)]

const header = (sha: string, fields: string) =>
  `${sha} ${fields}\nauthor A\nauthor-time 100\ncommitter-time 200\nsummary A summary`

describe('the output of git blame', () => {
  it('is a commit for each path, with its lines in order', () => {
    const text = [
      header(ONE, '1 7 2'),
      'boundary',
      'filename b.txt',
      header(TWO, '3 1 1'),
      'filename "a\\tb.txt"',
      `${ONE} 9 3 1`,
      'filename b.txt',
      `${ONE} 9 2 1`,
      'filename c.txt',
      header(NONE, '4 4 1'),
      'filename b.txt',
      '',
    ].join('\n')
    const blamed = parseBlame(text)
    expect(blamed.map(({ sha, path, lines }) => [sha, path, lines])).toEqual([
      [TWO, 'a\tb.txt', [[1, 1]]],
      [ONE, 'c.txt', [[2, 2]]],
      [
        ONE,
        'b.txt',
        [
          [3, 3],
          [7, 8],
        ],
      ],
      [NONE, 'b.txt', [[4, 4]]],
    ])
    expect(blamed.map(isUncommitted)).toEqual([false, false, false, true])
    expect(blamed[2]).toMatchObject({
      subject: 'A summary',
      author: 'A',
      at: 100_000,
      committedAt: 200_000,
      isBoundary: true,
    })
    expect(parseBlame('')).toEqual([])
  })

  it('can lack fields, have others, and have empty ones', () => {
    const nothing = { subject: '', author: '', at: 0, committedAt: 0, isBoundary: false }
    const one = { ...nothing, sha: ONE, path: 'a', lines: [[1, 1]] }
    expect(parseBlame(`previous x\n${ONE} 1 1 1\nfilename a\n`)).toEqual([one])
    const two = `${TWO} 1 2 1\nsummary\ncommitter B\n boundary\nfilename a\n`
    expect(parseBlame(two)).toEqual([{ ...one, sha: TWO, lines: [[2, 2]] }])
    expect(parseBlame(`filename a\n${ONE} 1 1 1`)).toEqual([])
  })

  it('has no commit for a line whose id has only zeros', () => {
    const ends = [`${NONE.slice(1)}1`, `1${NONE.slice(1)}`]
    expect([NONE, ...ends].map((sha) => isUncommitted({ sha }))).toEqual([true, false, false])
  })

  it('has odd paths in quotes', () => {
    expect(unquotedPath('plain "x" y')).toBe('plain "x" y')
    for (const text of ['"a', 'a"', '"', '']) expect(unquotedPath(text)).toBe(text)
    expect(unquotedPath('""')).toBe('')
    expect(unquotedPath('"a\\"b\\\\c\\n\\303\\251"')).toBe('a"b\\c\né')
  })
})
