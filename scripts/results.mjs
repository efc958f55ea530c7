// What the test runs of all packages came to, from the reports that scripts/unit.mjs leaves.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { top } from './run.mjs'

const folders = () => [
  top,
  join(top, 'proof'),
  ...['packages', 'internal', 'examples'].flatMap((group) =>
    readdirSync(join(top, group)).map((name) => join(top, group, name)),
  ),
]

const reports = () => folders().map((folder) => join(folder, 'coverage', 'tests.json'))

/** Forgets earlier reports, so that only what ran now, or what turbo brings back, is counted. */
export const forgetResults = () => {
  for (const file of reports()) rmSync(file, { force: true })
}

// A file that could not even be loaded has no test that failed, and has failed all the same.
const brokenFiles = ({ testResults }) =>
  testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length

/** The line `N passed, N failed` over all packages. */
export const resultsLine = () => {
  const found = reports()
    .filter(existsSync)
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
  const sum = (count) => found.reduce((total, report) => total + count(report), 0)
  const passed = sum((report) => report.numPassedTests)
  const failed = sum((report) => report.numFailedTests + brokenFiles(report))
  const skipped = sum((report) => report.numPendingTests)
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
