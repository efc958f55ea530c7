import { rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { commitLock } from '../../src/commit/commit-lock.js'
import { toAbsolute } from '../../src/project/paths.js'
import { lockFolderOf, stateDirOf } from '../../src/project/state-dir.js'
import { DONE, openStore, REQUEST, textAt } from '../support/store.js'
import { committing } from '../support/strategies.js'

/** Closes an Op while somebody else holds the commit lock, and meddles with its record before letting go. */
const meddled = async (meddle: (path: string, text: string) => Promise<unknown>) => {
  const strategy = committing()
  const ops = await openStore({ strategy })
  const { invocation_id, path } = await ops.start(REQUEST)
  const lock = commitLock(lockFolderOf(await stateDirOf(ops.root)), 10_000)
  let closing: ReturnType<typeof ops.complete> | undefined
  await lock.withLock(async () => {
    closing = ops.complete(invocation_id, DONE)
    while (!(await textAt(ops, path)).includes('"completed"')) await sleep(5)
    await meddle(toAbsolute(ops.root, path), await textAt(ops, path))
  })
  const completion = await closing
  return { strategy, ops, path, commit: completion?.commit, record: completion?.record }
}

describe('a record that is not what it was when it was closed, once its turn to be committed has come,', () => {
  it('is committed as it is, read under the lock, if nobody touched it', async () => {
    const { strategy, ops, path, commit, record } = await meddled(async () => {})
    expect(commit).toEqual({ status: 'committed', sha: 'c1' })
    const [request] = strategy.requests
    expect(Buffer.from(request?.bytes ?? []).toString()).toBe(await textAt(ops, path))
    expect(request?.op).toEqual(record)
  })

  it('is left as it is if it was changed', async () => {
    const changed = await meddled((path, text) => writeFile(path, text.replace('done', 'gone')))
    expect(changed.commit).toMatchObject({ status: 'deferred', reason: 'record-changed' })
    expect(changed.strategy.calls).toEqual([])
    expect(await textAt(changed.ops, changed.path)).toContain('"gone"')
  })

  it('is whole again if it was cut off', async () => {
    const cut = await meddled((path, text) => truncate(path, text.length - 9))
    expect(cut.commit).toEqual({ status: 'committed', sha: 'c1' })
    const [request] = cut.strategy.requests
    expect(Buffer.from(request?.bytes ?? []).toString()).toBe(await textAt(cut.ops, cut.path))
  })

  it('is not followed if a symbolic link is in its place', async () => {
    const linked = await meddled(async (path) => {
      await rename(path, `${path}.aside`)
      await symlink(`${path}.aside`, path)
    })
    expect(linked.commit).toMatchObject({ status: 'failed', code: 'SYMLINK_REFUSED' })
    expect(linked.strategy.calls).toEqual([])
  })

  it('is written once more if it was removed', async () => {
    const removed = await meddled((path) => rm(path))
    expect(removed.commit).toEqual({ status: 'committed', sha: 'c1' })
    expect(await textAt(removed.ops, removed.path)).toContain('"completed"')
  })
})
