// Runs Stryker in a copy of the work tree.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, top } from '../../scripts/run.mjs'
import { Trouble } from '../../scripts/trouble.mjs'

const REPORT = 'mutation.json'
/** Results of earlier runs, from which Stryker takes those of mutants and tests that have not changed. */
const earlier = join(top, 'node_modules', '.cache', 'mutation')

/** Not mutants: ignored, or code that cannot run. */
const INVALID = new Set(['Ignored', 'CompileError', 'RuntimeError', 'Pending'])

const configOf = (name, { key, mutated }, { ignoreStatic }) => ({
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'proof/mutation/vitest.config.ts', related: false },
  mutate: mutated,
  inPlace: true,
  concurrency: 1,
  coverageAnalysis: 'perTest',
  ignoreStatic,
  incremental: true,
  incrementalFile: join(earlier, `${name}-${key.replaceAll('/', '-')}.json`),
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: REPORT },
  disableTypeChecks: false,
  timeoutMS: 20_000,
  allowConsoleColors: false,
})

const isMissed = ({ status }) => status === 'Survived' || status === 'NoCoverage'

/**
 * Whether a test file could not be loaded with a mutant, so that its tests are missing; Stryker counts only failed tests.
 * A mutant in code that runs while a file is loaded (`static`) is tried with all tests.
 */
const isLoadFailure = (mutant, tests) => mutant.static && mutant.testsCompleted < tests

/**
 * Returns the mutated files with what became of each mutant. `ignoreStatic` leaves out those in code that runs while a file
 * is loaded: each of them must be tried with all tests. Throws `Trouble` if Stryker fails.
 */
export const mutate = async (copy, name, group, options) => {
  mkdirSync(earlier, { recursive: true })
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(configOf(name, group, options)))
  const program = join(copy, 'proof/mutation/node_modules/@stryker-mutator/core/bin/stryker.js')
  const env = { ...process.env, KITTY_MUTATION: JSON.stringify(group) }
  const args = [program, 'run', 'stryker.config.json']
  const status = await run(process.execPath, args, { cwd: copy, env })
  if (status !== 0) throw new Trouble(`Stryker failed for ${name}/src/${group.key}. See above.`)
  const { files, testFiles } = JSON.parse(readFileSync(join(copy, REPORT), 'utf8'))
  const tests = Object.values(testFiles).reduce((sum, file) => sum + file.tests.length, 0)
  // The report also has files of earlier runs.
  const own = Object.entries(files).filter(([path]) => group.mutated.includes(path))
  return own.map(([path, { source, mutants }]) => ({
    path,
    source,
    valid: mutants.filter(({ status: what }) => !INVALID.has(what)).length,
    leftOut: mutants.filter(({ status: what }) => what === 'Ignored').length,
    missed: mutants.filter((mutant) => isMissed(mutant) && !isLoadFailure(mutant, tests)),
  }))
}
