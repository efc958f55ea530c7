import { newOpId } from '@kitty/record'
import { closedRecordText } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import {
  type Check,
  defineCheck,
  defineFact,
  doctorOps,
  openOps,
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

/** All records of a run, and how many runs there were. */
const recordsFact = () => {
  const runs: VisitedRecord[][] = []
  const fact = defineFact({
    collect: () => {
      const seen: VisitedRecord[] = []
      runs.push(seen)
      return { visit: (found) => void seen.push(found), value: () => seen }
    },
  })
  return { runs, fact }
}

const counting = (id: string, severity: 'info' | 'warning', count: number) => [
  { id, severity, message: `${count}`, fixable: false, next: [] },
]

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
    const check = (id: string, fact: typeof one.fact): Check =>
      defineCheck({
        id,
        needs: { fact },
        run: async (_, { fact }) => counting(id, 'info', (await fact()).length),
      })
    const checks = [check('a', one.fact), check('b', one.fact), check('c', other.fact)]
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
    const { fact: records } = recordsFact()
    const closed = defineFact({
      needs: { records, openOps },
      collect: () => ({
        value: async (facts) => (await facts.records()).length - (await facts.openOps()).length,
      }),
    })
    const check = defineCheck({
      id: 'closed',
      needs: { closed },
      run: async (_, { closed }) => counting('closed', 'info', await closed()),
    })
    expect(await run(store, check)).toEqual([['closed', '3']])
  })

  it.each([
    ['collect', () => Promise.reject(new Error('unused'))],
    ['visit', () => ({ visit: () => Promise.reject(new Error('no luck')), value: () => 0 })],
    ['value', () => ({ value: () => Promise.reject(new Error('no luck')) })],
  ])('that fails in %s fails the checks that need it, and no others', async (where, start) => {
    const store = await withRecords(3)
    const broken = defineFact<unknown>({
      collect: () => {
        if (where === 'collect') throw new Error('no luck')
        const collector = start()
        return 'value' in collector ? collector : { value: () => collector }
      },
    })
    const needing = (id: string): Check =>
      defineCheck({
        id,
        needs: { broken },
        run: async (_, facts) => [void (await facts.broken())].flatMap(() => []),
      })
    const { fact } = recordsFact()
    const healthy = defineCheck({
      id: 'healthy',
      needs: { fact },
      run: async (_, { fact }) => counting('healthy', 'info', (await fact()).length),
    })
    expect(await run(store, needing('one'), needing('two'), healthy)).toEqual([
      ['one', 'The check failed: Error: no luck. The same error stopped two.'],
      ['healthy', '3'],
    ])
  })
})
