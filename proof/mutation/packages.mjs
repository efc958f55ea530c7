// What mutation testing covers: the source files that are mutated, and the tests that must notice.
import { pureFilesOf } from './pure-files.mjs'

/** Pure files that are not mutated, and why. */
const LEFT_OUT = new Map([
  ['packages/record/src/base/error-codes.ts', 'texts, which `npm run check` compares with docs'],
  ['packages/writer/src/content/token-rules.ts', 'patterns built of strings; a test matches each'],
  ['packages/git-commit/src/inspect/visit-blobs.ts', 'reads objects through its argument'],
  ['packages/git-commit/src/inspect/walk-ledgers.ts', 'reads objects through its argument'],
  ['packages/git-commit/src/objects/delta.ts', 'git unpacks what it writes, in a test of its own'],
  ['packages/writer/src/commit/ledger-result.ts', 'a part of the ledger, whose tests need git'],
  ['packages/git-commit/src/objects/read-sound.ts', 'reads objects through its argument'],
])

/**
 * By package and the beginning of a path below its `src`: the tests below its `test` that must notice. A file counts for
 * the first beginning. Only tests that are quick, since each mutant runs them.
 */
const TESTS = {
  record: {
    'base/': ['base'],
    'events/validator': ['events/validator.test.ts'],
    'events/': ['events/messages', 'events/event-schemas', 'events/new-events'],
    'formats/': ['formats'],
    'parse/': ['parse'],
  },
  writer: {
    'commit/': ['ports', 'commit/strategies.test.ts'],
    'content/': ['content/json-web-tokens'],
    'fs/': ['fs/errors', 'fs/git-config', 'fs/shell-word'],
    'ops/': ['ops/closing.test.ts'],
    'ports/': ['ports'],
    'project/': ['project/paths'],
    'records/': ['records/summary'],
    'state/': ['ports', 'state/intent.test.ts'],
  },
  'git-commit': {
    'blame/': ['blame/porcelain'],
    'git/': ['git/environment', 'git/failures', 'git/network'],
    'guard/': ['guard/protection-config', 'project-config'],
    'inspect/': ['inspect/history-format'],
    'ledger/': ['ledger/layout'],
    'objects/': ['objects/tree.test.ts', 'objects/cut-off-tree.test.ts'],
    'project-config/': ['guard/protection-config', 'project-config'],
    'sync/': ['sync/network-failure'],
    'transaction/': ['transaction/commit-set'],
  },
}

/** What runs before the tests of a package. Only what they need, since each mutant loads it again. */
const SETUP = {
  record: ['proof/mutation/fewer-cases.mjs'],
  writer: ['internal/test-kit/src/setup.ts'],
  'git-commit': ['internal/test-kit/src/setup.ts'],
}

/** The packages that are covered. */
export const packageNames = Object.keys(TESTS)

/** Returns the groups of a package: the files to mutate, their tests as the beginnings of paths, and the set-up. */
export const groupsOf = (name, paths) => {
  const source = `packages/${name}/src/`
  const mutated = pureFilesOf(paths).filter((path) => !LEFT_OUT.has(path))
  const beginnings = Object.keys(TESTS[name])
  const keyOf = (path) => beginnings.find((beginning) => path.startsWith(source + beginning))
  return beginnings.map((key) => ({
    key,
    mutated: mutated.filter((path) => keyOf(path) === key),
    tests: TESTS[name][key].map((test) => `packages/${name}/test/${test}`),
    setup: SETUP[name],
  }))
}
