#!/usr/bin/env node
const { load } = require('./load.js')

// It is not an error if a reader such as `head` stops reading, or if the terminal was closed.
const isNoError = ({ code }) => code === 'EPIPE' || code === 'EIO'
process.stderr.on('error', () => {})
process.stdout.on('error', (error) => {
  if (isNoError(error)) return
  // For example a full disk: the command is done, but its output is lost.
  process.stderr.write(
    `spec-kitty: The output could not be written: ${error.message}\n  Only the output is lost: what the command did is done.\n`,
  )
  process.exit(1)
})

const argv = process.argv.slice(2)
// A stack then names files and lines of the sources instead of the bundle.
const debug = argv.includes('--debug') || Boolean(process.env.DEBUG)

/** What runs often; each of them keeps its own compiled code. */
const TASKS = [
  ...['do', 'ask', 'advise', 'ops complete', 'ops list', 'ops show', 'doctor ops'],
  ...['session-start', 'session-end', 'prompt', 'subagent-start', 'subagent-stop', 'stop'].map(
    (event) => `hooks ${event}`,
  ),
]
const task = TASKS.find((each) => each === argv[0] || each === `${argv[0]} ${argv[1]}`) ?? 'other'

const run = async () => {
  // An agent waits for its hooks: they have a small bundle of their own.
  const isHook = argv[0] === 'hooks' && (await load('hook', task, debug).runInstalledHook(argv))
  return isHook ? 0 : load('main', task, debug).main(argv)
}

// The status if the process ends too early, as Node has it for a module that is still waiting.
process.exitCode = 13
run().then((status) => {
  process.exitCode = status
})
