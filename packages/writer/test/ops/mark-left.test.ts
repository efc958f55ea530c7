import { rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { toAbsolute } from '../../src/project/paths.js'
import { createIntent } from '../../src/state/intent-store.js'
import { listStartNotes } from '../../src/state/start-notes.js'
import { leaveBehind } from '../support/left-behind.js'
import { DONE, intentOf, openIn, openStore, REQUEST, stateOf, textAt } from '../support/store.js'
import { committing } from '../support/strategies.js'

const LEFT = { at: '2026-06-08T08:08:36.010Z', reason: 'clear' }

describe('an open Op whose session has ended', () => {
  it('stays open, with the same record, and says so in lists', async () => {
    const ops = await openStore({ session: 's1', openedBy: 'agent' })
    const { id, path } = await ops.start(REQUEST)
    const before = await textAt(ops, path)
    expect(await ops.markLeft(id, LEFT)).toBe(true)
    expect(await textAt(ops, path)).toBe(before)
    expect(await ops.list()).toMatchObject([{ invocation_id: id, status: 'open', left: true }])
    const line = before
    expect(await ops.startNote(id)).toEqual({
      line,
      opener: expect.any(String),
      session: 's1',
      openedBy: 'agent',
      left: LEFT,
    })
  })

  it('is no longer left if the session continues', async () => {
    const ops = await openStore({ session: 's1' })
    const { id } = await ops.start(REQUEST)
    await ops.markLeft(id, LEFT)
    expect(await ops.markLeft(id, undefined)).toBe(true)
    expect((await ops.list())[0]).not.toHaveProperty('left')
    expect(await ops.startNote(id)).not.toHaveProperty('left')
  })

  it('can be closed as before, even if its record is missing', async () => {
    const ops = await openStore({ session: 's1' })
    const { id, path } = await ops.start(REQUEST)
    await ops.markLeft(id, LEFT)
    await rm(toAbsolute(ops.root, path))
    expect(await ops.complete(id, DONE)).toMatchObject({
      already: false,
      notes: [expect.stringContaining('restored')],
    })
  })
})

describe('nothing is noted', () => {
  it('of an Op that is committed: its start note does not reappear', async () => {
    const ops = await openStore({ strategy: committing() })
    const { id } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    expect(await ops.markLeft(id, LEFT)).toBe(false)
    expect(await listStartNotes(await stateOf(ops))).toEqual([])
  })

  it('of an Op whose close was interrupted', async () => {
    const ops = await openStore({ strategy: committing() })
    const { id: invocation_id, path } = await ops.start(REQUEST)
    const { id } = await leaveBehind(ops, 'nothing')
    const intent = await intentOf(ops, id)
    if (intent === undefined) return expect.unreachable('there is no intent')
    const bytes = Buffer.from(await textAt(ops, path))
    await createIntent(await stateOf(ops), { ...intent, id: invocation_id, bytes })
    expect(await ops.markLeft(invocation_id, LEFT)).toBe(false)
    expect(await ops.startNote(invocation_id)).not.toHaveProperty('left')
  })

  it('during a close', async () => {
    const ops = await openStore({ strategy: committing() })
    const other = await openIn(ops.root)
    for (let round = 0; round < 10; round += 1) {
      const { id } = await ops.start(REQUEST)
      await Promise.all([ops.complete(id, DONE), other.markLeft(id, LEFT)])
      expect(await listStartNotes(await stateOf(ops))).toEqual([])
    }
  })
})
