import { describe, expect, it } from 'vitest'
import { parseHistory, WALK_FORMAT } from '../../src/inspect/history-format.js'

const [A, B, C, NONE] = ['a', 'b', 'c', '0'].map((digit) => digit.repeat(40))

const commit = (sha: string, parents: string, times: string, message: string): string =>
  `\x01${sha}\0${parents}\0${times}\0${message}\0`

const parse = (output: string) => parseHistory(Buffer.from(output))

describe('the output of a walk', () => {
  it('is its commits, each with its changes', () => {
    const output = [
      commit('1', '2', '100\x00100', ':a message\n\nwith lines\n'),
      `\n:100644 100644 ${A} ${B} M\0a/é b.jsonl\0`,
      `:000000 100644 ${NONE} ${C} A\0c\0:100644 000000 ${C} ${NONE} D\0d\0`,
      '\0',
      commit('2', '3 4', '100\x00200', ''),
      `\n::100644 100644 100644 ${A} ${B} ${C} MM\0m\0::100644 000000 100644 ${A} ${NONE} ${C} MA\0n\0`,
      '\0',
      commit('3', '', '7\x007', 'root'),
    ].join('')
    expect(parse(output)).toEqual([
      {
        sha: '1',
        at: 100_000,
        isMerge: false,
        isRoot: false,
        isRewritten: false,
        message: ':a message\n\nwith lines\n',
        changes: [
          { path: 'a/é b.jsonl', before: [A], after: B },
          { path: 'c', before: [], after: C },
          { path: 'd', before: [C], after: undefined },
        ],
      },
      {
        sha: '2',
        at: 200_000,
        isMerge: true,
        isRoot: false,
        isRewritten: true,
        message: '',
        changes: [
          { path: 'm', before: [A, B], after: C },
          { path: 'n', before: [A], after: C },
        ],
      },
      {
        sha: '3',
        at: 7000,
        isMerge: false,
        isRoot: true,
        isRewritten: false,
        message: 'root',
        changes: [],
      },
    ])
  })

  it('can be empty, or cut off', () => {
    expect(parse('')).toEqual([])
    expect(parse('\n\0')).toEqual([])
    expect(parse('\x011\x00')).toMatchObject([{ sha: '1', message: '', changes: [] }])
    const cut = `${commit('1', '2', '1\x001', 'm')}\n:100644 100644 ${A} ${B} M`
    expect(parse(cut)).toMatchObject([{ changes: [{ path: '', before: [A], after: B }] }])
  })

  it('has the fields that are parsed, in their order', () => {
    expect(WALK_FORMAT).toBe('%x01%H%x00%P%x00%at%x00%ct%x00%B%x00')
  })
})
