// npm test: sets everything up and runs every check. With words, vitest alone runs with these.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm, tool, top } from './run.mjs'
import { main, setup } from './setup.mjs'

const TASKS = ['check', 'examples', 'packed', 'unit']

const words = process.argv.slice(2)

const summary = () => {
  const file = join(top, 'coverage', 'tests.json')
  if (!existsSync(file)) return
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8'))
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed${skipped}\n`)
}

const all = async () => {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
  const code = await pnpm(['exec', 'turbo', 'run', ...TASKS, '--concurrency=2'], { env })
  summary()
  return code
}

await main(async () => {
  await setup()
  return words.length === 0 ? all() : tool('vitest/vitest.mjs', ['run', ...words])
})
