import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AlreadyClosedError } from '../../src/ops/errors.js'
import { archivedPath, toAbsolute } from '../../src/project/paths.js'
import { leaveBehind } from '../support/left-behind.js'
import { putArchived } from '../support/records.js'
import { codeOf, DONE, intentIds, openIn, openStore, REQUEST, textAt } from '../support/store.js'
import { always, committing, holdingBack, NEVER, writtenBy } from '../support/strategies.js'

const FAILED = { outcome: 'failed' } as const

const refusal = (promise: Promise<unknown>): Promise<AlreadyClosedError> =>
  promise.then(
    () => expect.unreachable('it was closed twice'),
    (error: unknown) => (error instanceof AlreadyClosedError ? error : Promise.reject(error)),
  )

describe('closing an Op that is closed', () => {
  it('changes no byte, and returns its commit', async () => {
    const ops = await openStore({ strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    const { commit } = await ops.complete(id, DONE)
    const before = await textAt(ops, path)
    const error = await refusal(ops.complete(id, FAILED))
    expect(error).toMatchObject({ code: 'ALREADY_CLOSED', commit })
    expect(error.message).toContain('"done"')
    expect(await textAt(ops, path)).toBe(before)
    expect(await intentIds(ops)).toEqual([])
  })

  it('tries the pending commit again', async () => {
    const { strategy, gate } = holdingBack()
    const ops = await openStore({ strategy })
    const { id } = await ops.start(REQUEST)
    const { commit } = await ops.complete(id, DONE)
    expect(commit).toMatchObject({ status: 'deferred', reason: 'rebase' })
    const still = await ops.complete(id, DONE)
    expect(still.commit).toEqual(commit)
    expect(strategy.calls).toHaveLength(2)
    gate.open = true
    const again = await ops.complete(id, DONE)
    expect(again.commit).toEqual({ status: 'committed', sha: 'c1' })
    expect(await ops.pending()).toEqual([])
  })

  it('leaves the commit to the strategy it was closed under', async () => {
    const guarded = await openStore({ strategy: always(NEVER, { name: 'guard' }) })
    const { id } = await guarded.start(REQUEST)
    await guarded.complete(id, DONE)
    const other = committing({ name: 'other' })
    const ops = await openIn(guarded.root, { strategy: other })
    const { commit } = await refusal(ops.complete(id, FAILED))
    expect(commit).toMatchObject({ status: 'deferred', reason: 'other-strategy' })
    expect(other.calls).toEqual([])
    expect(await ops.pending()).toMatchObject([{ strategy: 'guard', result: NEVER }])
    await ops.flush({ allStrategies: true })
    expect(other.calls).toEqual([[id]])
  })

  it('requests an archived record at its place, and leaves nothing pending', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy })
    const { id, path } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    await putArchived(ops.root, id, await textAt(ops, path))
    await rm(toAbsolute(ops.root, path))
    const error = await refusal(ops.complete(id, FAILED))
    expect(error.commit).toEqual({ status: 'committed', sha: 'c1' })
    expect(writtenBy(strategy.requests.at(-1))[0]).toBe(archivedPath(id))
    expect(await intentIds(ops)).toEqual([])
  })
})

describe('several closers of one Op in one process', () => {
  it.each(['power', 'process'] as const)('let one win, with %s', async (durability) => {
    const strategy = committing()
    const ops = await openStore({ strategy, durability, lockTimeoutMs: 4000 })
    const second = await openIn(ops.root, { strategy, durability, lockTimeoutMs: 4000 })
    const { id } = await ops.start(REQUEST)
    let ticks = 0
    const clock = setInterval(() => {
      ticks += 1
    }, 1)
    const tries = [ops, ops, second, second].map((store) => store.complete(id, DONE))
    const all = await Promise.all(tries)
    await sleep(50)
    clearInterval(clock)
    expect(ticks).toBeGreaterThan(2)
    expect(all.filter(({ already }) => !already)).toHaveLength(1)
    for (const { commit } of all) expect(commit).toMatchObject({ sha: 'c1' })
    expect(strategy.shas.size).toBe(1)
    expect((await ops.read(id)).record.events).toHaveLength(2)
    expect(await intentIds(ops)).toEqual([])
  })
})

describe('closing an Op whose closer died, and whose record a commit of another branch holds', () => {
  /** A strategy that finds every missing record in a commit. */
  const finding = () => {
    const strategy = committing()
    const reader = {
      recordsInHead: async () => undefined,
      findCommits: async (_: string, records: readonly unknown[]) => records.map(() => 'c9'),
      sparseRecords: async () => [],
    }
    return { ...strategy, reader }
  }

  it('returns that commit, and writes the record to this branch neither on disk nor in HEAD', async () => {
    const strategy = finding()
    const ops = await openStore({ strategy })
    const { id } = await leaveBehind(ops, 'nothing')
    const again = await ops.complete(id, DONE)
    expect(again).toMatchObject({ already: true, commit: { status: 'committed', sha: 'c9' } })
    expect(await codeOf(ops.read(id))).toBe('OP_NOT_FOUND')
    expect(strategy.calls).toEqual([])
    expect(await intentIds(ops)).toEqual([])
  })

  it('is refused with another outcome', async () => {
    const ops = await openStore({ strategy: finding() })
    const { id } = await leaveBehind(ops, 'nothing')
    const error = await refusal(ops.complete(id, FAILED))
    expect(error).toMatchObject({ code: 'ALREADY_CLOSED', commit: { sha: 'c9' } })
    expect(await intentIds(ops)).toEqual([])
  })

  it('restores the record if no commit holds it', async () => {
    const ops = await openStore({ strategy: committing() })
    const { id, closed } = await leaveBehind(ops, 'nothing')
    expect(await ops.complete(id, DONE)).toMatchObject({ already: true, commit: { sha: 'c1' } })
    expect((await ops.read(id)).bytes.toString()).toBe(closed)
  })
})
