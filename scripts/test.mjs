// npm test: sets everything up and runs the quick checks. With words, vitest alone runs with these.
// npm run test:all: everything that is ever checked.
import { forgetResults, resultsLine } from './results.mjs'
import { setup } from './setup.mjs'
import { tool, turbo } from './tools.mjs'
import { toolsSeen } from './tools-seen.mjs'
import { main } from './trouble.mjs'

const QUICK = ['build', 'check', 'test', 'unit', 'start']
const ALL = ['build', 'check', 'test:all', 'unit', 'start', 'packed', 'rehearsal']

// Every task runs, also where another one fails, so that the line at the end counts all tests.
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
