import assert from 'node:assert/strict'
import { expectAnswer, expectCommitted, expectInHead, expectOnDisk } from '../expect.js'
import { OPERATIONS, type Operation, prepareBranches, SOLVED } from '../operations.js'
import { prepareOp } from '../prepared-op.js'
import type { Scene, SuiteCase } from '../suite-case.js'
import { usersWork } from '../users-work.js'

/** Commits during the operation, then after its end: the user's work is unchanged, and the record is committed. */
const commitDuring = async (
  { strategy, repository }: Scene,
  { begin }: Operation,
  end: (repository: Scene['repository']) => Promise<string>,
): Promise<void> => {
  await prepareBranches(repository)
  await begin(repository)
  const op = await prepareOp(repository)
  const before = await usersWork(repository, [op.path])
  const blocked = await strategy.blockedBy?.(repository.top)
  const result = expectAnswer((await strategy.commit(repository.top, [op.request]))[0])
  if (blocked !== undefined) assert.equal(result.status, expectAnswer(blocked).status)
  assert.deepEqual(await usersWork(repository, [op.path]), before)
  const content = await end(repository)
  assert.equal(await repository.git('symbolic-ref', 'HEAD'), 'refs/heads/work\n')
  assert.equal(await repository.read('file.txt'), content)
  await expectOnDisk(repository, op)
  await expectCommitted(repository, (await strategy.commit(repository.top, [op.request]))[0])
  await expectInHead(repository, op.path)
}

const casesOf = (operation: Operation): SuiteCase[] => {
  const { name, abort, conclude } = operation
  const aborted: SuiteCase = {
    name: `${name}: a result, and the user can abort it`,
    run: (scene) => commitDuring(scene, operation, abort),
  }
  if (conclude === undefined) return [aborted]
  const concluded: SuiteCase = {
    name: `${name}: a result, and the user can continue it`,
    run: (scene) =>
      commitDuring(scene, operation, async (repository) => {
        await repository.write('file.txt', SOLVED)
        await repository.git('add', 'file.txt')
        return conclude(repository)
      }),
  }
  return [aborted, concluded]
}

/** Requests during every operation that git can be in the middle of. */
export const operationCases: readonly SuiteCase[] = OPERATIONS.flatMap(casesOf)
