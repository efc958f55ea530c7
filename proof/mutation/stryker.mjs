// Runs Stryker in a copy of the work tree.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, top } from '../../scripts/run.mjs'
import { Trouble } from '../../scripts/trouble.mjs'

const REPORT = 'mutation.json'
/** Results of earlier runs, from which Stryker takes those of mutants and tests that have not changed. */
const earlier = join(top, 'node_modules', '.cache', 'mutation')

const configOf = ({ name, folder, mutated }) => ({
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'proof/mutation/vitest.config.ts', related: false },
  mutate: mutated,
  inPlace: true,
  concurrency: 1,
  coverageAnalysis: 'perTest',
  incremental: true,
  incrementalFile: join(earlier, `${name}-${folder}.json`),
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: REPORT },
  disableTypeChecks: false,
  timeoutMS: 20_000,
  allowConsoleColors: false,
})

/** Returns Stryker's report of the mutants in the files `mutated`. Throws `Trouble` if Stryker fails. */
export const mutate = async ({ copy, name, folder, mutated }) => {
  mkdirSync(earlier, { recursive: true })
  const config = configOf({ name, folder, mutated })
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(config))
  const program = join(copy, 'proof/mutation/node_modules/@stryker-mutator/core/bin/stryker.js')
  const env = { ...process.env, KITTY_MUTATED_PACKAGE: name, KITTY_MUTATED_FOLDER: folder }
  const args = [program, 'run', 'stryker.config.json']
  const status = await run(process.execPath, args, { cwd: copy, env })
  if (status !== 0) throw new Trouble(`Stryker failed for ${name}/${folder}. See above.`)
  return JSON.parse(readFileSync(join(copy, REPORT), 'utf8'))
}
