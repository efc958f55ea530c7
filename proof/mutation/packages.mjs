// What mutation testing covers: the source folders that are mutated, and the tests that must notice.
import { pureFilesOf } from './pure-files.mjs'

/** Data that `npm run check` compares with `docs/errors.md`. */
const TABLES = new Set(['packages/record/src/base/error-codes.ts'])

/** By package and source folder: the test files or folders that must notice. Few and quick ones, for time's sake. */
const TESTS = {
  record: {
    base: ['base'],
    events: ['events', 'parse/line.test.ts', 'corpus.test.ts'],
    formats: ['formats'],
    parse: ['parse', 'corpus.test.ts'],
  },
}

/** Returns the packages that are covered. */
export const packageNames = Object.keys(TESTS)

/** Returns the source folders of a package that are covered. */
export const foldersOf = (name) => Object.keys(TESTS[name])

/** Returns the tests of a source folder, as patterns below the top folder. */
export const testsOf = (name, folder) =>
  TESTS[name][folder].map((path) => {
    const below = `packages/${name}/test/${path}`
    return path.endsWith('.ts') ? below : `${below}/**/*.test.ts`
  })

/** Returns the mutated ones of `paths` in a source folder. */
export const mutatedFiles = (paths, name, folder) =>
  pureFilesOf(paths)
    .filter((path) => path.startsWith(`packages/${name}/src/${folder}/`))
    .filter((path) => !TABLES.has(path))
