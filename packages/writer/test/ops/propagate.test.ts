import { describe, expect, it } from 'vitest'
import type { PropagatedEvent } from '../../src/ports/propagator.js'
import { DONE, openStore, REQUEST, textAt } from '../support/store.js'
import { committing } from '../support/strategies.js'

describe('propagating events', () => {
  it('happens once after the start and once after the close, with the events on disk', async () => {
    const seen: PropagatedEvent[] = []
    const submit = async (event: PropagatedEvent) => {
      seen.push(event)
    }
    const ops = await openStore({ propagator: { submit } })
    const { id, event } = await ops.start(REQUEST)
    const { record } = await ops.complete(id, DONE)
    await ops.flush()
    expect(seen).toEqual([event, record.completed])
  })

  it('never delays the work', async () => {
    const gates: (() => void)[] = []
    const submit = () => new Promise<void>((resolve) => void gates.push(resolve))
    const ops = await openStore({ propagator: { submit }, strategy: committing() })
    const { id } = await ops.start(REQUEST)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
    let flushed = false
    const flushing = ops.flush().then(() => {
      flushed = true
    })
    await expect.poll(() => gates).toHaveLength(2)
    expect(flushed).toBe(false)
    for (const open of gates) open()
    await flushing
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('the\nline is down'))],
    [
      'throws',
      () => {
        throw new Error('the\nline is down')
      },
    ],
  ])('never fails the work if it %s, but is logged', async (_, submit) => {
    const ops = await openStore({ propagator: { submit } })
    const { completion } = await ops.run(REQUEST, () => 1)
    await ops.flush()
    const lines = (await textAt(ops, 'kitty-ops/propagation-errors.jsonl')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(
      ['started', 'completed'].map((event) => ({
        event,
        invocation_id: completion.id,
        error: 'the line is down',
      })),
    )
  })
})
