import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseOpRecord } from '@kitty/record'
import type { CommitResult } from '../../ports/commit-strategy.js'
import { expectAnswer, expectOnDisk } from '../expect.js'
import { OPERATIONS, prepareBranches } from '../operations.js'
import { type OpDetails, openText, type PreparedOp, prepareOp } from '../prepared-op.js'
import { type ScratchRepository, unbornRepository } from '../scratch-repository.js'
import type { Scene, SuiteCase } from '../suite-case.js'
import { leaveWork, usersWork } from '../users-work.js'
import { installHooks } from './hooks.js'

/** Checks that a ref outside the branches leads to a commit with exactly these bytes. Returns the id of the commit. */
const expectKept = async (
  repository: ScratchRepository,
  result: CommitResult | undefined,
  op: PreparedOp,
): Promise<string> => {
  const answer = expectAnswer(result)
  assert.equal(answer.status, 'committed', JSON.stringify(answer))
  assert.ok('sha' in answer)
  const found = await repository.git(
    'for-each-ref',
    '--format=%(refname)',
    '--contains',
    answer.sha,
  )
  const refs = found.split('\n').filter((ref) => ref !== '')
  assert.ok(refs.length > 0, `no ref leads to ${answer.sha}`)
  assert.ok(
    !refs.some((ref) => /^refs\/(?:heads|tags|remotes)\//.test(ref)),
    `a branch moved: ${refs}`,
  )
  const onDisk = (await repository.git('hash-object', '--no-filters', '--', op.path)).trim()
  const tree = await repository.git('ls-tree', '-r', refs[0] ?? '')
  assert.ok(tree.includes(` ${onDisk}\t`), `${refs[0]} does not hold the bytes on disk`)
  return answer.sha
}

/** The refs that are a user's. */
const usersRefs = (repository: ScratchRepository): Promise<string> =>
  repository.git('for-each-ref', 'refs/heads', 'refs/tags', 'refs/remotes', 'refs/stash')

const commitOne = async (
  { strategy, repository }: Pick<Scene, 'strategy' | 'repository'>,
  details: OpDetails = {},
): Promise<{ readonly op: PreparedOp; readonly sha: string }> => {
  const op = await prepareOp(repository, details)
  const [result] = await strategy.commit(op.root, [op.request])
  return { op, sha: await expectKept(repository, result, op) }
}

const nothingElse = async (scene: Scene): Promise<void> => {
  const { repository } = scene
  await leaveWork(repository)
  const op = await prepareOp(repository)
  const before = [await usersWork(repository, []), await usersRefs(repository)]
  const [result] = await scene.strategy.commit(repository.top, [op.request])
  await expectKept(repository, result, op)
  assert.deepEqual([await usersWork(repository, []), await usersRefs(repository)], before)
}

const inOrder = async ({ strategy, repository }: Scene): Promise<void> => {
  const ops = [await prepareOp(repository), await prepareOp(repository)]
  const results = await strategy.commit(
    repository.top,
    ops.map(({ request }) => request),
  )
  assert.equal(results.length, ops.length)
  for (const [number, op] of ops.entries()) await expectKept(repository, results[number], op)
}

const twice = async (scene: Scene): Promise<void> => {
  const { strategy, repository } = scene
  const { op, sha } = await commitOne(scene)
  const before = await repository.git('for-each-ref')
  const again = await strategy.commit(repository.top, [op.request, { ...op.request }])
  assert.equal(await expectKept(repository, again[0], op), sha)
  assert.equal(await expectKept(repository, again[1], op), sha)
  assert.equal(await repository.git('for-each-ref'), before)
}

const otherBytes = async (scene: Scene): Promise<void> => {
  const { strategy, repository } = scene
  const { op } = await commitOne(scene)
  const bytes = Buffer.from(op.text.replace('"done"', '"failed"'))
  const record = { ...op.request.record, bytes }
  const before = await repository.git('for-each-ref')
  const [result] = await strategy.commit(repository.top, [{ ...op.request, record }])
  assert.notEqual(expectAnswer(result).status, 'committed')
  assert.equal(await repository.git('for-each-ref'), before)
}

const openOne = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await repository.write(op.path, openText(op))
  const bytes = Buffer.from(openText(op))
  const parsed = parseOpRecord(bytes, { opId: op.id })
  const request = { ...op.request, record: { ...op.request.record, bytes, parsed } }
  const before = await repository.git('for-each-ref')
  const [result] = await strategy.commit(repository.top, [request])
  assert.notEqual(expectAnswer(result).status, 'committed')
  assert.equal(await repository.git('for-each-ref'), before)
}

const noHook = async (scene: Scene): Promise<void> => {
  const { repository } = scene
  await repository.write('.git/hooks-that-ran', '')
  await installHooks(repository)
  await commitOne(scene)
  assert.equal(await repository.read('.git/hooks-that-ran'), '')
}

const unborn = async ({ strategy }: Scene): Promise<void> => {
  const repository = await unbornRepository()
  try {
    await commitOne({ strategy, repository })
    assert.equal(await repository.tryGit('rev-parse', '--verify', '--quiet', 'HEAD'), false)
  } finally {
    await repository.dispose()
  }
}

const noRepository = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await rm(join(repository.top, '.git'), { recursive: true, maxRetries: 5 })
  const results = await strategy.commit(repository.top, [op.request])
  assert.deepEqual(results, [{ status: 'skipped', reason: 'no-repository' }])
  await expectOnDisk(repository, op)
}

const during = OPERATIONS.map(
  ({ name, begin, abort }): SuiteCase => ({
    name: `${name}: committed, and the user can abort it`,
    run: async ({ strategy, repository }) => {
      await prepareBranches(repository)
      await begin(repository)
      const op = await prepareOp(repository)
      const before = await usersWork(repository, [])
      const [result] = await strategy.commit(repository.top, [op.request])
      await expectKept(repository, result, op)
      assert.deepEqual(await usersWork(repository, []), before)
      const content = await abort(repository)
      assert.equal(await repository.read('file.txt'), content)
      await expectOnDisk(repository, op)
    },
  }),
)

/** For a strategy whose home is a ref outside the branches. */
export const refHomeCases: readonly SuiteCase[] = [
  { name: 'a ref leads to the bytes on disk, and nothing of the user changes', run: nothingElse },
  { name: 'several requests: one result for each, in the same order', run: inOrder },
  { name: 'a repeated request returns the same commit and makes no new one', run: twice },
  { name: 'a closed record is never replaced by other bytes', run: otherBytes },
  { name: 'an open record is not committed', run: openOne },
  {
    name: 'the project root can be below the top of the work tree',
    run: async (scene) => void (await commitOne(scene, { below: 'services/api' })),
  },
  { name: 'failing hooks neither run nor stop the commit', run: noHook },
  { name: 'an unborn branch stays unborn', run: unborn },
  { name: 'outside a repository: skipped, no-repository', run: noRepository },
  {
    name: 'an empty list returns an empty list',
    run: async ({ strategy, repository }) =>
      assert.deepEqual(await strategy.commit(repository.top, []), []),
  },
  ...during,
]
