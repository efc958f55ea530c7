import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { mapConcurrent } from '../../src/check/concurrency.js'

describe('work in parallel', () => {
  it('is never done on more items at once than allowed, and keeps their order', async () => {
    let running = 0
    let most = 0
    const items = Array.from({ length: 20 }, (_, number) => number)
    const results = await mapConcurrent(items, 3, async (item) => {
      running += 1
      most = Math.max(most, running)
      for (let turns = 0; turns < (item * 7) % 5; turns += 1) await nextTurn()
      running -= 1
      return item * 2
    })
    expect(most).toBe(3)
    expect(results).toEqual(items.map((item) => item * 2))
  })

  it('of no items is done at once', async () => {
    expect(await mapConcurrent([], 3, () => Promise.reject(new Error('never')))).toEqual([])
  })

  it('fails as its first item does', async () => {
    const work = mapConcurrent([1, 2], 1, () => Promise.reject(new Error('first')))
    await expect(work).rejects.toThrow('first')
  })
})
