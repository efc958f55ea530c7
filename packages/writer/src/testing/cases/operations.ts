import assert from 'node:assert/strict'
import { expectAnswer, expectCommitted, expectInHead, expectOnDisk } from '../expect.js'
import { OPERATIONS, type Operation, prepareBranches, SOLVED } from '../operations.js'
import { prepareOp } from '../prepared-op.js'
import type { Scene, SuiteCase } from '../suite-case.js'
import { usersWork } from '../users-work.js'

/** The user ends what was begun; the record is still there, and goes in now at the latest. */
const play = async (
  { strategy, repository }: Scene,
  { begin }: Operation,
  end: (repository: Scene['repository']) => Promise<string>,
): Promise<void> => {
  await prepareBranches(repository)
  await begin(repository)
  const op = await prepareOp(repository)
  const before = await usersWork(repository, [op.path])
  expectAnswer((await strategy.commit([op.request]))[0])
  assert.deepEqual(await usersWork(repository, [op.path]), before)
  const content = await end(repository)
  assert.equal(await repository.git('symbolic-ref', 'HEAD'), 'refs/heads/work\n')
  assert.equal(await repository.read('file.txt'), content)
  await expectOnDisk(repository, op)
  await expectCommitted(repository, (await strategy.commit([op.request]))[0])
  await expectInHead(repository, op.path)
}

const casesOf = (operation: Operation): SuiteCase[] => {
  const { name, abort, conclude } = operation
  const aborted: SuiteCase = {
    name: `${name}: an answer, and giving up works for the user`,
    run: (scene) => play(scene, operation, abort),
  }
  if (conclude === undefined) return [aborted]
  const concluded: SuiteCase = {
    name: `${name}: an answer, and going on works for the user`,
    run: (scene) =>
      play(scene, operation, async (repository) => {
        await repository.write('file.txt', SOLVED)
        await repository.git('add', 'file.txt')
        return conclude(repository)
      }),
  }
  return [aborted, concluded]
}

/** In the middle of whatever git can be in the middle of. */
export const operationCases: readonly SuiteCase[] = OPERATIONS.flatMap(casesOf)
