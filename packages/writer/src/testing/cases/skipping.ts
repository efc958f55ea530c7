import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expectOnDisk } from '../expect.js'
import { prepareOp } from '../prepared-op.js'
import type { Scene, SuiteCase } from '../suite-case.js'
import { leaveWork, usersWork } from '../users-work.js'

const changesNothing = async ({ strategy, repository }: Scene): Promise<void> => {
  await leaveWork(repository)
  const ops = [await prepareOp(repository), await prepareOp(repository)]
  const readState = async (): Promise<unknown> => ({
    ...(await usersWork(repository, [])),
    refs: await repository.git('for-each-ref'),
  })
  const before = await readState()
  const results = await strategy.commit(
    repository.top,
    ops.map(({ request }) => request),
  )
  assert.deepEqual(
    results.map(({ status }) => status),
    ['skipped', 'skipped'],
  )
  assert.deepEqual(await readState(), before)
  for (const op of ops) await expectOnDisk(repository, op)
}

const outside = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await rm(join(repository.top, '.git'), { recursive: true, maxRetries: 5 })
  const [result] = await strategy.commit(repository.top, [op.request])
  assert.equal(result?.status, 'skipped')
  await expectOnDisk(repository, op)
}

const emptyList = async ({ strategy, repository }: Scene): Promise<void> => {
  assert.deepEqual(await strategy.commit(repository.top, []), [])
}

/** For a strategy that never commits. */
export const skippingCases: readonly SuiteCase[] = [
  { name: 'an empty list returns an empty list', run: emptyList },
  { name: 'every result is skipped, and nothing changes', run: changesNothing },
  { name: 'outside a repository, every result is skipped', run: outside },
]
