import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { OPERATIONS, type Operation } from '../support/operations.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

const branches = templateOf(withBranches)

/** The state of the user's work; the user's commits may have other parents now. */
const outcome = async (repository: Repository) => {
  const { operation, ...work } = await repository.stagedState(['kitty-ops'])
  const subjects = await repository.log('%s')
  return {
    ...work,
    operation: Object.keys(operation),
    branch: (await repository.tryGit('symbolic-ref', 'HEAD')).stdout,
    // Parallel lines of history are listed in the order of their times.
    subjects: subjects.filter((subject) => !subject.startsWith('op(')).sort(),
  }
}

type End = Operation['begin']

const play = async ({ answer, begin }: Operation, end: End): Promise<void> => {
  const [repository, twin] = await Promise.all([branches(), branches()])
  const ops = await storeAt(repository)
  await Promise.all([begin(repository), begin(twin)])
  const before = await repository.stagedState(['kitty-ops'])
  const closed = await closeOne(ops)
  expect(answerOf(closed)).toBe(answer)
  expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
  await Promise.all([end(repository), end(twin)])
  const [here, there] = await Promise.all([outcome(repository), outcome(twin)])
  expect(here).toEqual(there)
  if (here.branch === '') await repository.git('checkout', '--quiet', 'work')
  expect(answerOf(await closeOne(ops))).toBe('committed')
  await expectCommitted(repository, ops, closed)
  expect(await readFile(join(repository.path, closed.path), 'utf8')).toContain('"completed"')
}

describe.each(Object.entries(OPERATIONS))('%s', (_, operation) => {
  it.each(Object.entries(operation.ends))('%s', (_, end) => play(operation, end))
})
