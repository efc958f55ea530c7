// npm test: sets everything up and runs the quick checks. With arguments, passes them to vitest and runs only that.
// npm run test:all: runs all checks.
import { forgetResults, resultsLine } from './results.mjs'
import { setup } from './setup.mjs'
import { tool, turbo } from './tools.mjs'
import { toolsSeen } from './tools-seen.mjs'
import { main } from './trouble.mjs'

const QUICK = ['build', 'check', 'test', 'unit', 'start']
const ALL = ['build', 'check', 'test:all', 'unit', 'start', 'packed', 'rehearsal']

// Continue after a failed task, so that the last line counts all tests.
const FLAGS = ['--continue=dependencies-successful', '--concurrency=2']

const checks = async (tasks) => {
  forgetResults()
  const code = await turbo([...tasks, ...FLAGS], toolsSeen())
  process.stdout.write(`${resultsLine()}\n`)
  return code
}

const words = process.argv.slice(2)

await main(async () => {
  await setup()
  if (words.length === 0) return checks(QUICK)
  return words[0] === '--all' ? checks(ALL) : tool('vitest/vitest.mjs', ['run', ...words])
})
