import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { commitLockOf, stateDirOf, tryLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { closeOne, opCommits, openIn, REQUEST } from '../support/store.js'

const twoRoots = async () => {
  const repository = await newRepository()
  const roots = ['one', 'two'].map((name) => join(repository.path, name))
  for (const root of roots) await mkdir(root)
  return { repository, roots }
}

describe('two project roots in one work tree', () => {
  it('share one commit lock, and keep their state apart', async () => {
    const { repository, roots } = await twoRoots()
    const stores = await Promise.all(roots.map((root) => openIn(root, { lockTimeoutMs: 50 })))
    for (const ops of stores) await ops.start(REQUEST)
    const [one, two] = await Promise.all(roots.map((root) => stateDirOf(root)))
    expect(one?.lockDir).toBe(two?.lockDir)
    const lock = tryLock(commitLockOf(await stateDirOf(repository.path)))
    if (lock.kind !== 'held') return expect.unreachable(lock.kind)
    for (const ops of stores) {
      expect((await closeOne(ops)).commit).toMatchObject({ reason: 'lock-timeout' })
      expect(await ops.pending()).toHaveLength(1)
    }
    lock.release()
    for (const ops of stores) expect((await ops.flush()).size).toBe(1)
    expect(await opCommits(repository)).toHaveLength(2)
  })

  it('commit at once without disturbing each other', async () => {
    const { repository, roots } = await twoRoots()
    const stores = await Promise.all(roots.map((root) => openIn(root)))
    const closed = await Promise.all([...stores, ...stores, ...stores].map(closeOne))
    expect(closed.map(({ commit }) => commit.status)).toEqual(Array(6).fill('committed'))
    expect(await opCommits(repository)).toHaveLength(6)
    expect(await repository.statusPorcelain()).toEqual([])
    expect(await repository.git('fsck', '--strict')).toBe('')
  })
})
