// Runs the tests of the package in the current folder, from source, except the long ones. With --all, runs these too,
// and checks the coverage of a package.
import { basename, join, relative } from 'node:path'
import { top } from './run.mjs'
import { tool } from './tools.mjs'
import { main } from './trouble.mjs'

const folder = relative(top, process.cwd()).replaceAll('\\', '/')
const project = folder === '' ? 'scripts' : basename(folder)
const reports = join(process.cwd(), 'coverage')

const withCoverage = folder.startsWith('packages/')
  ? [
      '--coverage',
      `--coverage.include=${folder}/src/**/*.ts`,
      `--coverage.reportsDirectory=${reports}`,
    ]
  : []

const LONG = ['--testTimeout=180000']
const chosen = process.argv.includes('--all')
  ? [...LONG, ...withCoverage]
  : ['--exclude=**/*.long.test.ts']

const reporters = [
  '--reporter=minimal',
  '--reporter=json',
  `--outputFile.json=${join(reports, 'tests.json')}`,
]

await main(() => tool('vitest/vitest.mjs', ['run', '--project', project, ...reporters, ...chosen]))
