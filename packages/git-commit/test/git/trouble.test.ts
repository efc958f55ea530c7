import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { findHistory, gitHealth, walkHistory } from '../../src/inspect.js'
import { expectCommitted } from '../support/expect-committed.js'
import { when, withShim } from '../support/git-shim.js'
import { answerOf, closeOne, startOne, storeAt } from '../support/ops.js'
import { withEnv } from '../support/with-env.js'

describe('git in trouble', () => {
  it('is missing', async () => {
    const { path } = await newRepository()
    const health = await withEnv({ PATH: '' }, () =>
      gitHealth(path).catch((error: unknown) => error),
    )
    expect(JSON.stringify(health)).toMatch(/missing|GIT_NOT_STARTED|false/)
  })

  it.skipIf(process.platform === 'win32')('cannot store a pack: the Ops stay pending', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const started = await Promise.all(Array.from({ length: 30 }, () => startOne(ops)))
    const fails = when(
      'index-pack',
      'echo "fatal: write error: No space left" >&2; exit 128',
      'always',
    )
    const closed = await withShim(fails, () =>
      Promise.all(started.map((op) => ops.complete(op.id, { outcome: 'done' }))),
    )
    expect(new Set(closed.map(answerOf))).toEqual(new Set(['DISK_FULL']))
    await ops.flush()
    for (const each of closed.slice(0, 3)) await expectCommitted(repository, ops, each)
    expect(await ops.pending()).toEqual([])
  })

  it('has lost a commit: walking its history fails with an error', async () => {
    const { path } = await newRepository()
    const place = await findHistory(path)
    const lost = { ...place, tip: 'f'.repeat(40) }
    await expect(walkHistory(lost, 'e'.repeat(40))).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })

  it('is not called missing if its folder is', async () => {
    const gone = join(await tempFolder(), 'gone')
    await expect(findHistory(gone)).rejects.toMatchObject({
      code: 'GIT_NOT_STARTED',
      message: expect.stringContaining('which does not exist'),
      hint: expect.not.stringContaining('Install'),
    })
  })

  it('does not commit in a folder outside a repository', async () => {
    const ops = await storeAt({ path: await tempFolder() })
    expect(answerOf(await closeOne(ops))).toBe('no-repository')
  })
})

describe('a detached HEAD', () => {
  it('is moved, durably, if the option says so', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '--detach')
    const ops = await storeAt(repository, { detached: 'commit' }, { durability: 'power' })
    await expectCommitted(repository, ops, await closeOne(ops))
    await expectCommitted(repository, ops, await closeOne(ops))
  })
})
