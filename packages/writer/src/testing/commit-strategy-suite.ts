import type { CommitStrategy } from '../ports/commit-strategy.js'
import { commitCases } from './cases/commits.js'
import { hookCases } from './cases/hooks.js'
import { onceCases } from './cases/once.js'
import { operationCases } from './cases/operations.js'
import { resultCases } from './cases/results.js'
import { skippingCases } from './cases/skipping.js'
import { userCases } from './cases/user.js'
import { unbornRepository } from './scratch-repository.js'
import type { SuiteCase } from './suite-case.js'

export type CommitStrategySuiteOptions = {
  /** Makes the strategy under test; called once for each case. */
  readonly createStrategy: () => CommitStrategy | Promise<CommitStrategy>
  /**
   * False for a strategy that never commits: it is then held to changing nothing and to answering
   * `skipped`. Default true.
   */
  readonly commits?: boolean
}

/** A case for any test runner: `run` rejects where the strategy breaks its promise. */
export type CommitStrategyCase = {
  readonly name: string
  readonly run: () => Promise<void>
}

const play = async (
  { run }: SuiteCase,
  createStrategy: CommitStrategySuiteOptions['createStrategy'],
): Promise<void> => {
  const repository = await unbornRepository()
  try {
    await repository.write('README.md', '# A project\n')
    await repository.commit('First commit')
    await run({ strategy: await createStrategy(), repository })
  } finally {
    await repository.dispose()
  }
}

/**
 * The cases that hold an implementation of `CommitStrategy` to the promises of the port, with real git
 * repositories in temporary folders, on the branch `work`. Bound to no test runner; needs git on the
 * PATH, and up to some seconds a case.
 */
export const commitStrategyCases = ({
  createStrategy,
  commits = true,
}: CommitStrategySuiteOptions): readonly CommitStrategyCase[] => {
  const cases = commits
    ? [resultCases, commitCases, onceCases, userCases, hookCases, operationCases].flat()
    : skippingCases
  return cases.map((each) => ({ name: each.name, run: () => play(each, createStrategy) }))
}

/**
 * Registers every case with a test runner, in one call:
 * `testCommitStrategy({ test, createStrategy: () => mine() })`, where `test` is that of vitest, jest,
 * mocha (`it`) or `node:test`.
 */
export const testCommitStrategy = ({
  test,
  ...options
}: CommitStrategySuiteOptions & {
  readonly test: (name: string, run: () => Promise<void>) => unknown
}): void => {
  for (const { name, run } of commitStrategyCases(options)) test(name, run)
}
