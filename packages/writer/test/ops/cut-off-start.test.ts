import { cp, truncate } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { toAbsolute } from '../../src/project/paths.js'
import { codeOf, DONE, openIn, openStore, REQUEST, textAt } from '../support/store.js'
import { committing } from '../support/strategies.js'

describe('a start that a crash cut off', () => {
  it.each([0, 1, 50])('after %i bytes is completed, and the Op can be closed', async (length) => {
    const ops = await openStore({ strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    const line = await textAt(ops, path)
    await truncate(toAbsolute(ops.root, path), length)
    const { commit, record } = await ops.complete(id, DONE)
    expect(commit.status).toBe('committed')
    expect(record.problems).toEqual([])
    const text = await textAt(ops, path)
    expect(text.slice(0, line.length)).toBe(line)
    expect(text.trimEnd().split('\n')).toHaveLength(2)
  })

  it('is completed once by several closers', async () => {
    const ops = await openStore({ strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    await truncate(toAbsolute(ops.root, path), 10)
    const other = await openIn(ops.root, { strategy: committing() })
    const tries = [ops, other, ops].map((store) => store.complete(id, DONE))
    const results = await Promise.all(tries)
    expect(results.filter(({ already }) => !already)).toHaveLength(1)
    expect((await ops.read(id)).record.problems).toEqual([])
  })

  it('without a start note is unchanged', async () => {
    const ops = await openStore()
    const { id, path } = await ops.start(REQUEST)
    await truncate(toAbsolute(ops.root, path), 10)
    const elsewhere = await openStore()
    await cp(ops.root, elsewhere.root, {
      recursive: true,
      filter: (from) => !from.includes('.kittify'),
    })
    expect(await codeOf(elsewhere.complete(id, DONE))).toBe('RECORD_DAMAGED')
    expect(await textAt(elsewhere, path)).toHaveLength(10)
  })
})
