import { newOpId } from '@kitty/record'
import { closedRecordText } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { type CheckContext, memoized, type VisitedRecord, visitRecords } from '../../src/index.js'
import { newStore, type Store } from '../support/store.js'

const lookAt = ({ ops }: Store): CheckContext => ({ ops, now: 0, thresholdHours: 24 })

const withRecords = async (count: number): Promise<Store> => {
  const store = await newStore()
  for (let number = 1; number <= count; number += 1) {
    const id = newOpId(number)
    await store.repository.write(recordPath(id), closedRecordText({ id }))
  }
  return store
}

describe('a pass over the records', () => {
  it('is shared by all who ask in the same turn, newest first', async () => {
    const context = lookAt(await withRecords(40))
    const seen: VisitedRecord[][] = [[], []]
    await Promise.all(seen.map((list) => visitRecords(context, (found) => void list.push(found))))
    const [first = [], second = []] = seen
    expect(first.map(({ id }) => id)).toEqual(
      first
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    )
    expect(first).toHaveLength(40)
    expect(first.every((found, number) => found === second[number])).toBe(true)
  })

  it('can be made again', async () => {
    const context = lookAt(await withRecords(2))
    const seen: string[] = []
    for (const _ of [1, 2]) await visitRecords(context, ({ id }) => void seen.push(id))
    expect(seen).toHaveLength(4)
  })

  it('goes on for the others when one cannot', async () => {
    const context = lookAt(await withRecords(3))
    const seen: string[] = []
    const results = await Promise.allSettled([
      visitRecords(context, () => {
        throw new Error('no more')
      }),
      visitRecords(context, ({ id }) => void seen.push(id)),
    ])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(seen).toHaveLength(3)
  })
})

describe('a shared fact', () => {
  it('is found out once per context, and again for the next', async () => {
    const store = await withRecords(0)
    let times = 0
    const fact = memoized(async () => {
      times += 1
      return times
    })
    const context = lookAt(store)
    expect(await Promise.all([fact(context), fact(context)])).toEqual([1, 1])
    expect(await fact(lookAt(store))).toBe(2)
  })
})
