import { expect, it } from 'vitest'
import { entriesOf, entryFinder, withChanges } from '../../src/objects/tree.js'

const entry = (mode: string, name: string, id: string): Buffer =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')])

const [ONE, TWO] = ['11'.repeat(20), '22'.repeat(20)]
const FIRST = entry('100644', 'a', ONE)
const TREE = Buffer.concat([FIRST, entry('40000', 'b', TWO)])

it('a tree that is cut off anywhere has its whole entries only', () => {
  for (let length = 0; length < TREE.length; length += 1) {
    const tree = TREE.subarray(0, length)
    const whole = length < FIRST.length ? [] : [{ mode: '100644', name: 'a', id: ONE }]
    expect(entriesOf(tree, 20)).toEqual(whole)
    const find = entryFinder(tree, 20)
    // It reads the whole tree when it is asked often.
    for (let asked = 0; asked < 20; asked += 1) expect(find('b')).toBeUndefined()
    expect(find('a')?.id).toBe(whole[0]?.id)
    expect(withChanges(tree, new Map(), 20).equals(tree)).toBe(true)
  }
})
