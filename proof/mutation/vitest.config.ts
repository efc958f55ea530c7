// The tests that Stryker runs for the files of one source folder.
import { testsOf } from './packages.mjs'

const conditions = ['@kitty/source', 'module', 'node', 'development|production']
const { KITTY_MUTATED_PACKAGE: name, KITTY_MUTATED_FOLDER: folder } = process.env

export default {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: testsOf(name, folder),
    exclude: ['**/*.long.test.ts'],
    globalSetup: './internal/test-kit/src/global-setup.ts',
    setupFiles: ['./internal/test-kit/src/setup.ts', './proof/mutation/fewer-cases.mjs'],
    isolate: false,
    testTimeout: 60_000,
  },
}
