import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type HeldLock, tryLock } from '../../src/lock/lock-file.js'
import type { CommitStrategy } from '../../src/ports/commit-strategy.js'
import { toAbsolute } from '../../src/project/paths.js'
import { DONE, intentIds, openIn, openStore, REQUEST, stateOf, textAt } from '../support/store.js'
import { committing, holdingBack, writtenBy } from '../support/strategies.js'

const holdCommits = (folder: string): HeldLock => {
  const lock = tryLock({ path: join(folder, 'commit.lock'), tokens: join(folder, 'tokens') })
  if (lock.kind !== 'held') throw new Error(lock.kind)
  return lock
}

describe('a close that waits for its commit', () => {
  it('has its record restored if it was deleted meanwhile', async () => {
    const ops = await openStore({ strategy: committing() })
    const { id, path } = await ops.start(REQUEST)
    const lock = holdCommits(await stateOf(ops))
    const closing = ops.complete(id, DONE)
    while (!(await textAt(ops, path)).includes('"completed"')) await sleep(1)
    await rm(toAbsolute(ops.root, path))
    lock.release()
    const { commit } = await closing
    expect(commit).toEqual({ status: 'committed', sha: 'c1' })
    expect(await textAt(ops, path)).toContain('"completed"')
  })

  it('is tried again if its record disappears while the strategy runs', async () => {
    const strategy = committing()
    const { root } = await openStore()
    let cleaned = false
    const cleanedOnce: CommitStrategy = {
      ...strategy,
      commit: async (_, requests) => {
        if (cleaned) return strategy.commit(root, requests)
        cleaned = true
        await rm(toAbsolute(root, writtenBy(requests[0])[0] ?? ''))
        return requests.map(() => ({ status: 'failed', code: 'GONE', message: 'It is gone.' }))
      },
    }
    const ops = await openIn(root, { strategy: cleanedOnce })
    const { id, path } = await ops.start(REQUEST)
    const { commit } = await ops.complete(id, DONE)
    expect(commit).toEqual({ status: 'committed', sha: 'c1' })
    expect(await textAt(ops, path)).toContain('"completed"')
    expect(await intentIds(ops)).toEqual([])
  })

  it('never waits for a batch that is not run', async () => {
    const ops = await openStore({ strategy: committing(), lockTimeoutMs: 60_000 })
    const statuses = new Set<string>()
    const closeMany = async (): Promise<void> => {
      for (let count = 0; count < 150; count += 1) {
        const { id } = await ops.start(REQUEST)
        statuses.add((await ops.complete(id, DONE)).commit.status)
      }
    }
    await Promise.all([closeMany(), closeMany(), closeMany(), closeMany()])
    expect([...statuses]).toEqual(['committed'])
  })

  it('gets its own result, whatever another store of the same process requests', async () => {
    const strategy = committing()
    const ops = await openStore({ strategy })
    const others = [await openIn(ops.root, { strategy }), ops]
    for (let count = 0; count < 40; count += 1) {
      const { id } = await ops.start(REQUEST)
      const results = await Promise.allSettled(
        [...others, ...others].map((store) => store.complete(id, DONE)),
      )
      const commits = results.map((result) =>
        result.status === 'fulfilled' ? result.value.commit : result.reason.commit,
      )
      expect(new Set(commits.map(({ status }) => status))).toEqual(new Set(['committed']))
    }
    expect(await intentIds(ops)).toEqual([])
  })
})

describe('a record that disappeared while its Op was pending', () => {
  it('is restored even if a file is in the place of the archive', async () => {
    const { strategy, gate } = holdingBack()
    const ops = await openStore({ strategy })
    const { id, path } = await ops.start(REQUEST)
    await ops.complete(id, DONE)
    await rm(toAbsolute(ops.root, path))
    await writeFile(toAbsolute(ops.root, 'kitty-ops/archive'), 'a file')
    gate.open = true
    expect((await ops.flush()).get(id)).toMatchObject({ status: 'committed' })
    expect(await textAt(ops, path)).toContain('"completed"')
  })
})

describe('the state folder', () => {
  it('can be deleted while a store is in use', async () => {
    const ops = await openStore({ strategy: committing() })
    await ops.complete((await ops.start(REQUEST)).id, DONE)
    await rm(await stateOf(ops), { recursive: true })
    const { id } = await ops.start(REQUEST)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
  })
})
