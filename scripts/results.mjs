// Sums up the test results of all packages, from the reports that scripts/unit.mjs writes.
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

const reports = () =>
  folders().flatMap((folder) =>
    ['tests.json', 'long.json'].map((name) => join(folder, 'coverage', name)),
  )

/** Deletes earlier reports, so that only tests that run now, or that turbo restores from its cache, are counted. */
export const forgetResults = () => {
  for (const file of reports()) rmSync(file, { force: true })
}

// A test file that cannot be loaded fails without a failed test.
const brokenFiles = ({ testResults }) =>
  testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length

/** Returns the line `N passed, N failed` for all packages. */
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
