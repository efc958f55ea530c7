import type { OpId } from '@kitty/record'
import { newRepository } from '@kitty/test-kit'
import { assert, asyncProperty, constantFrom, record, shuffledSubarray, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { opCommits, openIn, REQUEST } from '../support/store.js'

const outcome = constantFrom('done', 'failed', 'abandoned', 'stays open')

/** Each Op twice: first it is opened, then it is closed, or stays open. */
const order = shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 6 })

const story = record({ order, outcomes: tuple(outcome, outcome, outcome) })

describe('any order of opening and closing three Ops', () => {
  it('never commits an open one, or anything else as an Op', async () => {
    const property = asyncProperty(story, async ({ order, outcomes }) => {
      const repository = await newRepository()
      const ops = await openIn(repository.path)
      const ids = new Map<number, OpId>()
      const closed: string[] = []
      for (const number of order) {
        const id = ids.get(number)
        const outcome = outcomes[number] ?? 'stays open'
        if (id === undefined) ids.set(number, (await ops.start(REQUEST)).id)
        else if (outcome !== 'stays open') {
          await ops.complete(id, { outcome })
          closed.push(id)
        }
      }
      const commits = await opCommits(repository)
      expect(commits.map(([id]) => id).reverse()).toEqual(closed)
      const everything = await repository.git('log', '-p', '--format=')
      for (const id of ids.values()) expect(everything.includes(id)).toBe(closed.includes(id))
      expect(await repository.log('%s')).toHaveLength(closed.length + 1)
    })
    await assert(property, { numRuns: 8 })
  })
})
