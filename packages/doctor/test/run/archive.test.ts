import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { expect, it } from 'vitest'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, request } from '../support/store.js'
import { verifyBranch } from '../support/verify-branch.js'

it('moves closed, committed Ops in one commit, to the byte, past what the user staged', async () => {
  const { repository, ops } = await newStore()
  const { id } = await closedOp(ops)
  const open = await ops.start(request)
  await repository.write('mine.txt', 'mine\n')
  await repository.git('add', 'mine.txt')
  const before = await repository.read(recordPath(id))
  const result = await ops.archive({ olderThanDays: 0 })
  expect(result).toMatchObject({
    archivedIds: [id],
    blockedIds: [],
    commit: { status: 'committed' },
  })
  expect((await repository.log())[0]).toBe('chore(kitty-ops): archive 1 Ops')
  expect(await repository.read(archivedPath(id))).toBe(before)
  expect(existsSync(join(repository.path, recordPath(id)))).toBe(false)
  expect(await repository.git('diff', '--cached', '--name-only')).toBe('mine.txt')
  await ops.complete(open.id, { outcome: 'done' })
  await expectHealthy(ops)
  expect(await verifyBranch({ root: repository.path })).toMatchObject({ ok: true, notes: [] })
})

it('puts everything back where the commit cannot be made', async () => {
  const { repository, ops } = await newStore()
  const { id } = await closedOp(ops)
  await repository.git('checkout', '--quiet', '--detach')
  const result = await ops.archive({ olderThanDays: 0 })
  expect(result).toMatchObject({
    archivedIds: [],
    commit: { status: 'deferred', reason: 'detached-head' },
  })
  expect(existsSync(join(repository.path, recordPath(id)))).toBe(true)
  expect(await repository.statusPorcelain()).toEqual([])
})

it.each([
  [{ olderThanDays: -1 }, 'DAYS_INVALID'],
  [{ olderThanDays: Number.NaN }, 'DAYS_INVALID'],
  [{ olderThanDays: 0, keep: -1 }, 'KEEP_INVALID'],
  [{ olderThanDays: 0, keep: 1.5 }, 'KEEP_INVALID'],
])('refuses numbers that mean nothing, and moves no record: %j', async (numbers, code) => {
  const { repository, ops } = await newStore()
  const { path } = await closedOp(ops)
  await expect(ops.archive(numbers)).rejects.toMatchObject({ code })
  expect(existsSync(join(repository.path, path))).toBe(true)
  expect(await repository.statusPorcelain()).toEqual([])
})
