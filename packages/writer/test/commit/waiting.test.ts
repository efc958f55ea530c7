import { newOpId } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { selfOwner } from '../../src/lock/owner.js'
import type { Ops } from '../../src/ops/ops.js'
import { leaveBehind } from '../support/left-behind.js'
import * as kit from '../support/store.js'
import { committing } from '../support/strategies.js'

const { DONE, REQUEST } = kit

const closeAnother = async (ops: Ops) => {
  const { id } = await ops.start(REQUEST)
  await ops.complete(id, DONE)
}

describe('an intent whose live owner waits elsewhere', () => {
  it('is committed with the others, and the result is stored in it', async () => {
    const strategy = committing()
    const ops = await kit.openStore({ strategy })
    const { id } = await leaveBehind(ops, 1, { owner: selfOwner() })
    await closeAnother(ops)
    expect((await kit.intentOf(ops, id))?.owner).toBe(selfOwner())
    expect((await kit.intentOf(ops, id))?.result).toMatchObject({ status: 'committed' })
    await closeAnother(ops)
    expect(strategy.calls.flat().filter((each) => each === id)).toHaveLength(1)
  })

  it('is not taken over', async () => {
    const ops = await kit.openStore({ strategy: committing(), lockTimeoutMs: 50 })
    const { id } = await leaveBehind(ops, 1, { owner: selfOwner() })
    expect(await ops.commitClosed(id)).toMatchObject({ reason: 'lock-timeout' })
    expect((await kit.intentOf(ops, id))?.owner).toBe(selfOwner())
  })

  it('is left alone for a while once it has its result', async () => {
    const strategy = committing()
    const ops = await kit.openStore({ strategy })
    const result = { status: 'committed', sha: 'c9' } as const
    const fresh = await leaveBehind(ops, 1, { owner: selfOwner(), result })
    const stale = await leaveBehind(ops, 1, {
      owner: selfOwner(),
      result,
      ownedSince: Date.now() - 120_000,
    })
    await closeAnother(ops)
    expect(strategy.calls.flat()).toContain(stale.id)
    expect(strategy.calls.flat()).not.toContain(fresh.id)
    expect(await kit.intentIds(ops)).toEqual([fresh.id])
  })
})

describe('several stores of one root in one process', () => {
  it('learn what each other committed', async () => {
    const strategy = committing()
    const { root } = await kit.openStore()
    const all = await Promise.all([1, 2, 3].map(() => kit.openIn(root, { strategy })))
    const ids: string[] = []
    const told = await Promise.all(
      Array.from({ length: 24 }, async (_, number) => {
        const ops = all[number % 3]
        const { id } = (await ops?.start(REQUEST)) ?? { id: newOpId() }
        ids.push(id)
        const completion = await ops?.complete(id, DONE)
        return [id, completion?.commit] as const
      }),
    )
    for (const [id, commit] of told) {
      expect(commit).toEqual({ status: 'committed', sha: strategy.shas.get(id) })
    }
    expect([...strategy.shas.keys()].sort()).toEqual(ids.sort())
  })
})
