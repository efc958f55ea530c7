import { describe, expect, it } from 'vitest'
import type { Ops } from '../../src/ops/ops.js'
import { leaveBehind } from '../support/left-behind.js'
import { DONE, openStore, REQUEST } from '../support/store.js'
import { always, answering, committing, NEVER } from '../support/strategies.js'

const startMany = (ops: Ops, count: number) =>
  Promise.all(Array.from({ length: count }, () => ops.start(REQUEST)))

const closeAll = async (ops: Ops, count: number) => {
  const started = await startMany(ops, count)
  return Promise.all(started.map(({ id }) => ops.complete(id, DONE)))
}

describe('more than 64 pending Ops with a lasting reason', () => {
  it('are not tried with each completion, and are all committed once the reason is gone', async () => {
    const guard = { on: true }
    const open = committing()
    const strategy = answering((requests) =>
      guard.on ? requests.map(() => NEVER) : open.commit('', requests),
    )
    const ops = await openStore({ strategy })
    await closeAll(ops, 70)
    expect(await ops.pending()).toHaveLength(70)
    strategy.calls.length = 0
    await closeAll(ops, 1)
    await closeAll(ops, 1)
    expect(strategy.calls.map((call) => call.length)).toEqual([1, 1])
    await ops.flush()
    expect(strategy.calls.at(-1)).toHaveLength(72)
    guard.on = false
    const [last] = await closeAll(ops, 1)
    expect(last?.commit.status).toBe('committed')
    expect(open.shas.size).toBe(73)
    expect(await ops.pending()).toEqual([])
  })

  it('do not prevent the replay of an interrupted close', async () => {
    const ops = await openStore({ strategy: always(NEVER) })
    await closeAll(ops, 70)
    const { id } = await leaveBehind(ops, 0)
    const again = ops.complete(id, DONE)
    await Promise.all([
      closeAll(ops, 3),
      expect(again).resolves.toMatchObject({ already: true, commit: NEVER }),
    ])
  })
})
