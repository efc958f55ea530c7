// Runs the tests of the package in the current folder, from source, except the long ones. With --long, runs only these,
// and checks the coverage of both runs. With --all, runs all tests in one run.
import { rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { top } from './run.mjs'
import { tool } from './tools.mjs'
import { main } from './trouble.mjs'

const folder = relative(top, process.cwd()).replaceAll('\\', '/')
const project = folder === '' ? 'scripts' : basename(folder)
const reports = join(process.cwd(), 'coverage')
const isLong = process.argv.includes('--long')
const isAll = process.argv.includes('--all')

const vitest = (...args) => tool('vitest/vitest.mjs', ['run', '--project', project, ...args])

const coverage = (name) => [
  '--coverage',
  `--coverage.include=${folder}/src/**/*.ts`,
  `--coverage.reportsDirectory=${join(reports, name)}`,
]

/** What both runs leave for the sum of their coverage. */
const blobs = join(reports, 'blobs')

const runTests = (name, chosen) => {
  const withCoverage = folder.startsWith('packages/')
    ? [
        ...coverage(name),
        '--coverage.reporter=json',
        '--reporter=blob',
        `--outputFile.blob=${join(blobs, `${name}.json`)}`,
      ]
    : []
  const report = `--outputFile.json=${join(reports, `${name}.json`)}`
  return vitest('--reporter=minimal', '--reporter=json', report, ...withCoverage, ...chosen)
}

const FLOORS = ['--coverage.thresholds.lines=95', '--coverage.thresholds.branches=90']
const PATIENT = '--testTimeout=180000'

const runLong = async () => {
  const code = await runTests('long', ['.long.test.ts', '--passWithNoTests', PATIENT])
  if (code !== 0) return code
  return vitest(`--merge-reports=${blobs}`, '--reporter=minimal', ...coverage('sum'), ...FLOORS)
}

await main(() => {
  if (isLong) return runLong()
  rmSync(blobs, { recursive: true, force: true })
  return runTests('tests', isAll ? [PATIENT] : ['--exclude=**/*.long.test.ts'])
})
