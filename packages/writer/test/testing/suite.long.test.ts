import { describe, expect, test } from 'vitest'
import { commitStrategyCases, testCommitStrategy } from '../../src/testing/index.js'
import { refStrategy } from '../support/ref-strategy.js'
import { FAULTS, REF_FAULTS } from './faults.js'
import type { Requests } from './misdeeds.js'
import { plumbingStrategy } from './plumbing-strategy.js'

describe('a correct strategy passes', () => {
  testCommitStrategy({ test, createStrategy: plumbingStrategy })
})

describe('a broken strategy is detected', () => {
  test.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    'it %s',
    async (name, { noticedBy, commit }) => {
      const createStrategy = () => ({
        name,
        commit: (root: string, requests: Requests) => commit(root, requests, plumbingStrategy()),
      })
      const cases = commitStrategyCases({ createStrategy })
      const run = cases.find((each) => each.name === noticedBy)?.run
      expect(run).toBeTypeOf('function')
      await expect(run?.()).rejects.toThrow()
    },
  )
})

describe('a correct strategy whose home is a ref passes', () => {
  testCommitStrategy({ test, createStrategy: refStrategy, home: 'ref' })
})

describe('a broken strategy whose home is a ref is detected', () => {
  test.each(REF_FAULTS.map((fault) => [fault.name, fault] as const))(
    'it %s',
    async (name, { noticedBy, commit }) => {
      const createStrategy = () => ({
        name,
        commit: (root: string, requests: Requests) => commit(root, requests, refStrategy()),
      })
      const cases = commitStrategyCases({ createStrategy, home: 'ref' })
      const run = cases.find((each) => each.name === noticedBy)?.run
      expect(run).toBeTypeOf('function')
      await expect(run?.()).rejects.toThrow()
    },
  )
})

describe('a strategy that never commits', () => {
  const result = { status: 'skipped', reason: 'disabled' } as const
  const createStrategy = () => ({
    name: 'never',
    commit: async (_: string, requests: readonly unknown[]) => requests.map(() => result),
  })
  testCommitStrategy({ test, createStrategy, commits: false })

  test('is detected if it commits', async () => {
    const cases = commitStrategyCases({ createStrategy: plumbingStrategy, commits: false })
    const run = cases.find(
      ({ name }) => name === 'every result is skipped, and nothing changes',
    )?.run
    await expect(run?.()).rejects.toThrow()
  })
})

test('every case has a unique name', () => {
  const names = commitStrategyCases({ createStrategy: plumbingStrategy }).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
