import assert from 'node:assert/strict'
import { expectCommitted, expectInHead, pathsIn } from '../expect.js'
import { prepareOp } from '../prepared-op.js'
import type { Scene, SuiteCase } from '../suite-case.js'
import { leaveWork, usersWork } from '../users-work.js'

const unfinishedWork = async ({ strategy, repository }: Scene): Promise<void> => {
  await leaveWork(repository)
  const op = await prepareOp(repository)
  const before = await usersWork(repository, [op.path])
  const sha = await expectCommitted(
    repository,
    (await strategy.commit(repository.top, [op.request]))[0],
  )
  assert.deepEqual(await usersWork(repository, [op.path]), before)
  assert.deepEqual(await pathsIn(repository, sha), [op.path])
  await expectInHead(repository, op.path)
}

const otherRefs = async ({ strategy, repository }: Scene): Promise<void> => {
  await repository.git('branch', 'other')
  await repository.git('tag', 'v1')
  const op = await prepareOp(repository)
  const sha = await expectCommitted(
    repository,
    (await strategy.commit(repository.top, [op.request]))[0],
  )
  const where = ['refs/heads', 'refs/tags', 'refs/remotes', 'refs/stash']
  const refs = await repository.git('for-each-ref', '--format=%(refname) %(objectname)', ...where)
  const first = (await repository.git('rev-parse', 'v1')).trim()
  const expected = [`heads/other ${first}`, `heads/work ${sha}`, `tags/v1 ${first}`]
  assert.equal(refs, expected.map((ref) => `refs/${ref}\n`).join(''))
}

/** The user's own work and refs. */
export const userCases: readonly SuiteCase[] = [
  { name: 'staged, unstaged and stashed work of the user is unchanged', run: unfinishedWork },
  { name: 'only the checked-out branch moves', run: otherRefs },
]
