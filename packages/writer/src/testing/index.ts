export {
  type CommitStrategyCase,
  type CommitStrategySuiteOptions,
  commitStrategyCases,
  testCommitStrategy,
} from './commit-strategy-suite.js'
