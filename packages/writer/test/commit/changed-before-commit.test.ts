import { rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { commitLock } from '../../src/commit/commit-lock.js'
import { toAbsolute } from '../../src/project/paths.js'
import { stateDirOf } from '../../src/project/state-dir.js'
import { DONE, openStore, REQUEST, textAt } from '../support/store.js'
import { committing } from '../support/strategies.js'

/** Closes an Op while another owner holds the commit lock, and changes its record before the lock is released. */
const meddled = async (meddle: (path: string, text: string) => Promise<unknown>) => {
  const strategy = committing()
  const ops = await openStore({ strategy })
  const { id, path } = await ops.start(REQUEST)
  const { lockDir } = await stateDirOf(ops.root)
  const lock = commitLock(() => lockDir, 10_000)
  let closing: ReturnType<typeof ops.complete> | undefined
  await lock.withLock(async () => {
    closing = ops.complete(id, DONE)
    while (!(await textAt(ops, path)).includes('"completed"')) await sleep(5)
    await meddle(toAbsolute(ops.root, path), await textAt(ops, path))
  })
  const completion = await closing
  return { strategy, ops, path, commit: completion?.commit, record: completion?.record }
}

describe('a closed record that waits for its commit', () => {
  it('is read under the lock and committed if it has not changed', async () => {
    const { strategy, ops, path, commit, record } = await meddled(async () => {})
    expect(commit).toEqual({ status: 'committed', sha: 'c1' })
    const [request] = strategy.requests
    expect(request).toMatchObject({
      record: { path, bytes: Buffer.from(await textAt(ops, path)), parsed: record },
    })
  })

  it('is unchanged and not committed if it was edited', async () => {
    const changed = await meddled((path, text) => writeFile(path, text.replace('done', 'gone')))
    expect(changed.commit).toMatchObject({ status: 'deferred', reason: 'record-changed' })
    expect(changed.strategy.calls).toEqual([])
    expect(await textAt(changed.ops, changed.path)).toContain('"gone"')
  })

  it('is completed if it was truncated', async () => {
    const cut = await meddled((path, text) => truncate(path, text.length - 9))
    expect(cut.commit).toEqual({ status: 'committed', sha: 'c1' })
    const [request] = cut.strategy.requests
    const bytes = Buffer.from(await textAt(cut.ops, cut.path))
    expect(request).toMatchObject({ record: { bytes } })
  })

  it('is not read through a symbolic link that replaced it', async () => {
    const linked = await meddled(async (path) => {
      await rename(path, `${path}.aside`)
      await symlink(`${path}.aside`, path)
    })
    expect(linked.commit).toMatchObject({ status: 'failed', code: 'SYMLINK_REFUSED' })
    expect(linked.strategy.calls).toEqual([])
  })

  it('is restored if it was deleted', async () => {
    const removed = await meddled((path) => rm(path))
    expect(removed.commit).toEqual({ status: 'committed', sha: 'c1' })
    expect(await textAt(removed.ops, removed.path)).toContain('"completed"')
  })
})
