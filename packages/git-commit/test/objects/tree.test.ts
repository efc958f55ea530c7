import { describe, expect, it } from 'vitest'
import {
  EMPTY_TREE,
  type EntryChange,
  entriesOf,
  entryFinder,
  withChanges,
} from '../../src/objects/tree.js'

const ID_BYTES = 20
const idOf = (digit: string): string => digit.repeat(2 * ID_BYTES)
const file = (digit: string) => ({ mode: '100644', id: idOf(digit) })
const folder = (digit: string) => ({ mode: '40000', id: idOf(digit) })

const entry = (mode: string, name: string, digit: string): Buffer =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(idOf(digit), 'hex')])

/** Sorted as git does: the folder `b` as if it were `b/`. */
const TREE = Buffer.concat([
  entry('100644', 'a', '1'),
  entry('100755', 'b-c', '2'),
  entry('40000', 'b', '3'),
  entry('100644', 'b0', '4'),
  entry('120000', 'é x', '5'),
])

const change = (changes: Readonly<Record<string, EntryChange>>, tree: Buffer = TREE) =>
  entriesOf(withChanges(tree, new Map(Object.entries(changes)), ID_BYTES), ID_BYTES).map(
    ({ mode, name, id }) => [mode, name, id[0]],
  )

const BEFORE = change({})

describe('the entries of a tree', () => {
  it('are read in their order', () => {
    expect(BEFORE).toEqual([
      ['100644', 'a', '1'],
      ['100755', 'b-c', '2'],
      ['40000', 'b', '3'],
      ['100644', 'b0', '4'],
      ['120000', 'é x', '5'],
    ])
    expect(entriesOf(EMPTY_TREE, ID_BYTES)).toEqual([])
  })

  it('are found by name, whether few are asked for or many', () => {
    const find = entryFinder(TREE, ID_BYTES)
    for (let round = 0; round < 4; round += 1) {
      expect(find('a')).toEqual(file('1'))
      expect(find('b')).toEqual(folder('3'))
      expect(find('é x')).toEqual({ mode: '120000', id: idOf('5') })
      expect(find('b-')).toBeUndefined()
      expect(find('-c')).toBeUndefined()
      expect(find('')).toBeUndefined()
    }
  })

  it('can have leading zeros in their mode, as some programs write them', () => {
    const tree = Buffer.concat([entry('0100644', 'a', '1'), entry('040000', 'b', '2')])
    expect(entriesOf(tree, ID_BYTES)).toEqual([
      { name: 'a', ...file('1') },
      { name: 'b', ...folder('2') },
    ])
    expect(change({ b: 'no folder' }, tree)).toEqual([['100644', 'a', '1']])
  })

  it('end where the tree is cut off', () => {
    const cut = (end: number) => entriesOf(TREE.subarray(0, end), ID_BYTES).map(({ name }) => name)
    const first = entry('100644', 'a', '1').length
    expect([0, 3, first, first + 4, first + 9].map(cut)).toEqual([[], [], ['a'], ['a'], ['a']])
  })

  it('with the same name count once: the first', () => {
    const tree = Buffer.concat([entry('100644', 'a', '1'), entry('100644', 'a', '2')])
    const find = entryFinder(tree, ID_BYTES)
    const found = Array.from({ length: 10 }, () => find('a')?.id)
    expect(new Set(found)).toEqual(new Set([idOf('1')]))
  })
})

describe('a changed tree', () => {
  it('has new entries in the order of git', () => {
    const added = {
      '0': file('6'),
      aa: file('7'),
      'b.': folder('8'),
      ba: folder('9'),
      z: file('a'),
    }
    expect(change(added).map(([, name]) => name)).toEqual([
      '0',
      'a',
      'aa',
      'b-c',
      'b.',
      'b',
      'b0',
      'ba',
      'z',
      'é x',
    ])
    expect(change({ b: file('6'), c: file('7') }, EMPTY_TREE)).toEqual([
      ['100644', 'b', '6'],
      ['100644', 'c', '7'],
    ])
    // A folder is sorted behind a file whose name goes on with a character before the slash.
    expect(change({ b: folder('6'), 'b.x': file('7'), b0: file('8') }, EMPTY_TREE)).toEqual([
      ['100644', 'b.x', '7'],
      ['40000', 'b', '6'],
      ['100644', 'b0', '8'],
    ])
  })

  it('has an entry in the place of another, of any kind', () => {
    const replaced = change({ b: file('6'), a: folder('7') })
    expect(replaced).toEqual([
      ['40000', 'a', '7'],
      ['100644', 'b', '6'],
      ['100755', 'b-c', '2'],
      ['100644', 'b0', '4'],
      ['120000', 'é x', '5'],
    ])
    expect(change({ 'é x': file('6') }).at(-1)).toEqual(['100644', 'é x', '6'])
  })

  it('loses what is removed, if it is of that kind', () => {
    const names = (changes: Readonly<Record<string, EntryChange>>) =>
      change(changes).map(([, name]) => name)
    expect(names({ a: 'nothing', b: 'nothing' })).toEqual(['b-c', 'b0', 'é x'])
    expect(names({ a: 'no file', b: 'no folder' })).toEqual(['b-c', 'b0', 'é x'])
    expect(change({ a: 'no folder', b: 'no file', gone: 'nothing' })).toEqual(BEFORE)
    expect(names({ 'é x': 'nothing' })).toEqual(['a', 'b-c', 'b', 'b0'])
  })

  it('is the same for many changes at once as for one after the other', () => {
    const names = Array.from({ length: 20 }, (_, at) => `n${at}`)
    const all = Object.fromEntries(names.map((name) => [name, file('6')]))
    let tree = withChanges(TREE, new Map(), ID_BYTES)
    for (const name of names) tree = withChanges(tree, new Map([[name, file('6')]]), ID_BYTES)
    expect(withChanges(TREE, new Map(Object.entries(all)), ID_BYTES).equals(tree)).toBe(true)
    const gone = new Map([...names, 'a'].map((name) => [name, 'nothing' as const]))
    expect(entriesOf(withChanges(tree, gone, ID_BYTES), ID_BYTES)).toHaveLength(4)
  })

  it('keeps names apart that begin alike', () => {
    const changes = { ab: file('6'), abc: file('7'), abcd: folder('8') }
    expect(change(changes, EMPTY_TREE).map(([, name]) => name)).toEqual(['ab', 'abc', 'abcd'])
    const tree = withChanges(EMPTY_TREE, new Map(Object.entries(changes)), ID_BYTES)
    const find = entryFinder(tree, ID_BYTES)
    expect([find('abc'), find('ab'), find('a'), find('b')].map((each) => each?.id[0])).toEqual([
      '7',
      '6',
      undefined,
      undefined,
    ])
    expect(change({ abc: 'nothing' }, tree).map(([, name]) => name)).toEqual(['ab', 'abcd'])
    expect(change({ a: file('9'), abb: file('9') }, tree).map(([, name]) => name)).toEqual([
      'a',
      'ab',
      'abb',
      'abc',
      'abcd',
    ])
  })

  it('is the same bytes if nothing changes', () => {
    expect(withChanges(TREE, new Map(), ID_BYTES).equals(TREE)).toBe(true)
    expect(withChanges(EMPTY_TREE, new Map(), ID_BYTES)).toEqual(EMPTY_TREE)
  })
})
