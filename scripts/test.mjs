// npm test: sets everything up and runs every check. With words, vitest alone runs with these.
import { forgetResults, resultsLine } from './results.mjs'
import { setup } from './setup.mjs'
import { tool, turbo } from './tools.mjs'
import { toolsSeen } from './tools-seen.mjs'
import { main } from './trouble.mjs'

const TASKS = ['build', 'check', 'test', 'unit', 'start', 'packed', 'rehearsal']

// Every task runs, also where another one fails, so that the line at the end counts all tests.
const FLAGS = ['--continue=dependencies-successful', '--concurrency=2']

const everything = async () => {
  forgetResults()
  const code = await turbo([...TASKS, ...FLAGS], toolsSeen())
  process.stdout.write(`${resultsLine()}\n`)
  return code
}

const words = process.argv.slice(2)

await main(async () => {
  await setup()
  return words.length === 0 ? everything() : tool('vitest/vitest.mjs', ['run', ...words])
})
