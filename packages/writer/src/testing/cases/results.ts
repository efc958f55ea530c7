import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countCommits, expectAnswer, expectCommitted, expectOnDisk, pathsIn } from '../expect.js'
import { prepareOp } from '../prepared-op.js'
import type { Scene, SuiteCase } from '../suite-case.js'

const emptyList = async ({ strategy, repository }: Scene): Promise<void> => {
  assert.deepEqual(await strategy.commit(repository.top, []), [])
  assert.equal(await countCommits(repository), 1)
}

const inOrder = async ({ strategy, repository }: Scene): Promise<void> => {
  const ops = [
    await prepareOp(repository),
    await prepareOp(repository),
    await prepareOp(repository),
  ]
  const results = await strategy.commit(
    repository.top,
    ops.map(({ request }) => request),
  )
  assert.equal(results.length, ops.length)
  for (const [position, op] of ops.entries()) {
    const sha = await expectCommitted(repository, results[position])
    assert.deepEqual(await pathsIn(repository, sha), [op.path])
  }
}

const noRepository = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  const another = await prepareOp(repository)
  await rm(join(repository.top, '.git'), { recursive: true, maxRetries: 5 })
  const results = await strategy.commit(repository.top, [op.request, another.request])
  const skipped = { status: 'skipped', reason: 'no-repository' }
  assert.deepEqual(results, [skipped, skipped])
  await expectOnDisk(repository, op)
}

const heldIndex = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  const lock = join(repository.top, '.git', 'index.lock')
  await writeFile(lock, '')
  const [result] = await strategy.commit(repository.top, [op.request])
  assert.notEqual(expectAnswer(result).status, 'committed')
  assert.equal(await countCommits(repository), 1)
  assert.equal(await repository.read('.git/index.lock'), '', "another git's lock was removed")
  await rm(lock)
  const [again] = await strategy.commit(repository.top, [op.request])
  await expectCommitted(repository, again)
}

const damagedIndex = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  const damaged = 'DIRC and then nothing that git can read'
  await repository.write('.git/index', damaged)
  const [result] = await strategy.commit(repository.top, [op.request])
  assert.notEqual(expectAnswer(result).status, 'committed')
  assert.equal(await repository.read('.git/index'), damaged)
  await expectOnDisk(repository, op)
}

/** A result for each request, whatever happens. */
export const resultCases: readonly SuiteCase[] = [
  { name: 'an empty list returns an empty list', run: emptyList },
  { name: 'several requests: one result for each, in the same order', run: inOrder },
  { name: 'outside a repository: skipped, no-repository', run: noRepository },
  { name: 'while another git holds the index lock: a result, and committed later', run: heldIndex },
  { name: 'with a damaged index: a result, and the index unchanged', run: damagedIndex },
]
