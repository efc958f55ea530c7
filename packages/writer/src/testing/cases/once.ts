import assert from 'node:assert/strict'
import { countCommits, expectCommitted, expectInHead } from '../expect.js'
import { openText, prepareOp } from '../prepared-op.js'
import type { Scene, SuiteCase } from '../suite-case.js'

const twice = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  const first = await expectCommitted(
    repository,
    (await strategy.commit(repository.top, [op.request]))[0],
  )
  await repository.write('README.md', 'something else\n')
  await repository.commit('The user goes on')
  const again = await strategy.commit(repository.top, [op.request, { ...op.request }])
  assert.equal(await expectCommitted(repository, again[0]), first)
  assert.equal(await expectCommitted(repository, again[1]), first)
  assert.equal(await countCommits(repository), 3)
}

const twiceInOneList = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  const results = await strategy.commit(repository.top, [op.request, { ...op.request }])
  const first = await expectCommitted(repository, results[0])
  assert.equal(await expectCommitted(repository, results[1]), first)
  assert.equal(await countCommits(repository), 2)
}

const committedByUser = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await repository.commit('Everything, records included')
  const theirs = (await repository.git('rev-parse', 'HEAD')).trim()
  const sha = await expectCommitted(
    repository,
    (await strategy.commit(repository.top, [op.request]))[0],
  )
  assert.equal(sha, theirs)
  assert.equal(await countCommits(repository), 2)
}

const committedOpen = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await repository.write(op.path, openText(op))
  await repository.commit('Everything, an open record included')
  await repository.write(op.path, op.text)
  await expectCommitted(repository, (await strategy.commit(repository.top, [op.request]))[0])
  await expectInHead(repository, op.path)
  assert.equal(await countCommits(repository), 3)
}

const stagedOpen = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await repository.write(op.path, openText(op))
  await repository.git('add', '--all')
  await repository.write(op.path, op.text)
  await expectCommitted(repository, (await strategy.commit(repository.top, [op.request]))[0])
  await expectInHead(repository, op.path)
}

/** At most one commit for each Op, even if someone else made it. */
export const onceCases: readonly SuiteCase[] = [
  { name: 'a repeated request returns the same commit and makes no new one', run: twice },
  { name: 'two requests for one Op in one list make one commit', run: twiceInOneList },
  {
    name: 'a record that the user has committed is reported with that commit',
    run: committedByUser,
  },
  { name: 'a record that was committed while open is committed closed', run: committedOpen },
  { name: 'a record that was staged while open is committed closed', run: stagedOpen },
]
