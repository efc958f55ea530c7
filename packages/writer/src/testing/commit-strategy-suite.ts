import type { CommitStrategy } from '../ports/commit-strategy.js'
import { commitCases } from './cases/commits.js'
import { hookCases } from './cases/hooks.js'
import { onceCases } from './cases/once.js'
import { operationCases } from './cases/operations.js'
import { refHomeCases } from './cases/ref-home.js'
import { resultCases } from './cases/results.js'
import { skippingCases } from './cases/skipping.js'
import { userCases } from './cases/user.js'
import { unbornRepository } from './scratch-repository.js'
import type { SuiteCase } from './suite-case.js'

export type CommitStrategySuiteOptions = {
  /** Creates the strategy under test; called once for each case. */
  readonly createStrategy: () => CommitStrategy | Promise<CommitStrategy>
  /**
   * False for a strategy that never commits: the suite then checks that it changes nothing and returns
   * `skipped`. Default true.
   */
  readonly commits?: boolean
  /** Where the strategy keeps records: in HEAD (the default), or in a ref outside the branches. */
  readonly home?: 'head' | 'ref'
}

/** A case for any test runner: `run` rejects if the strategy breaks the contract of the port. */
export type CommitStrategyCase = {
  readonly name: string
  readonly run: () => Promise<void>
}

const runCase = async (
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

const COMMITTING: Readonly<Record<'head' | 'ref', readonly SuiteCase[]>> = {
  head: [resultCases, commitCases, onceCases, userCases, hookCases, operationCases].flat(),
  ref: refHomeCases,
}

/**
 * The cases that check an implementation of `CommitStrategy` against the contract of the port, in real git
 * repositories in temporary folders, on the branch `work`. Works with any test runner; needs git on the `PATH`,
 * and up to a few seconds for each case.
 */
export const commitStrategyCases = ({
  createStrategy,
  commits = true,
  home = 'head',
}: CommitStrategySuiteOptions): readonly CommitStrategyCase[] => {
  const cases = commits ? COMMITTING[home] : skippingCases
  return cases.map((each) => ({ name: each.name, run: () => runCase(each, createStrategy) }))
}

/**
 * Registers every case with a test runner: `testCommitStrategy({ test, createStrategy: () => mine() })`, where `test`
 * comes from vitest, jest, mocha (`it`) or `node:test`.
 */
export const testCommitStrategy = ({
  test,
  ...options
}: CommitStrategySuiteOptions & {
  readonly test: (name: string, run: () => Promise<void>) => unknown
}): void => {
  for (const { name, run } of commitStrategyCases(options)) test(name, run)
}
