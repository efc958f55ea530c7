import { newOpId } from '@kitty/record'
import { closedRecordText } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { allOpenOps } from '../../src/facts/open-ops.js'
import {
  type Check,
  defineCheck,
  defineFact,
  doctorOps,
  type Fact,
  type VisitedRecord,
} from '../../src/index.js'
import { newStore, request, type Store } from '../support/store.js'

const withRecords = async (count: number): Promise<Store> => {
  const store = await newStore()
  for (let number = 1; number <= count; number += 1) {
    const id = newOpId(number)
    await store.repository.write(recordPath(id), closedRecordText({ id }))
  }
  return store
}

/** The records that a fact was shown, by run. */
const recordsFact = () => {
  const runs: (readonly VisitedRecord[])[] = []
  const fact = defineFact({
    visit: (found) => found,
    value: (kept) => {
      runs.push(kept)
      return kept.length
    },
  })
  return { runs, fact }
}

/** A check that finds a number. */
const countCheck = (id: string, count: Fact<number>): Check =>
  defineCheck({
    id,
    needs: { count },
    run: async (_, facts) => {
      const message = String(await facts.count())
      return [{ id, severity: 'info', message, fixable: false, next: [] }]
    },
  })

const run = async ({ ops }: Store, ...extraChecks: readonly Check[]) => {
  const { findings } = await doctorOps({
    ops,
    extraChecks,
    checks: extraChecks.map(({ id }) => id),
  })
  return findings.map(({ id, message }) => [id, message])
}

describe('a fact', () => {
  it('is determined once per run, from the same records as every other, newest first', async () => {
    const store = await withRecords(40)
    const [one, other] = [recordsFact(), recordsFact()]
    const [a, b] = ['a', 'b'].map((id) => countCheck(id, one.fact))
    const checks = [a, b, countCheck('c', other.fact)].filter((each) => each !== undefined)
    expect(await run(store, ...checks)).toEqual([
      ['a', '40'],
      ['b', '40'],
      ['c', '40'],
    ])
    expect([one.runs.length, other.runs.length]).toEqual([1, 1])
    const [[first = []], [second = []]] = [one.runs, other.runs]
    const ids = first.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted().toReversed())
    expect(first.every((found, number) => found === second[number])).toBe(true)
    await run(store, ...checks)
    expect(one.runs.length).toBe(2)
  })

  it('can need others, ours too', async () => {
    const store = await withRecords(3)
    await store.ops.start(request)
    const closed = defineFact({
      needs: { records: recordsFact().fact, allOpenOps },
      value: async (_, facts) => (await facts.records()) - (await facts.allOpenOps()).length,
    })
    expect(await run(store, countCheck('closed', closed))).toEqual([['closed', '3']])
  })

  it.each<[string, Fact<number>]>([
    ['visit', { visit: () => Promise.reject(new Error('no luck')), value: () => 0 }],
    ['value', { value: () => Promise.reject(new Error('no luck')) }],
  ])('that fails in %s fails the checks that need it, and no others', async (_, broken) => {
    const store = await withRecords(3)
    const facts = { one: broken, two: broken, healthy: recordsFact().fact }
    const checks = Object.entries(facts).map(([id, fact]) => countCheck(id, fact))
    expect(await run(store, ...checks)).toEqual([
      ['one', 'The check failed: Error: no luck. The same error stopped two.'],
      ['healthy', '3'],
    ])
  })
})
