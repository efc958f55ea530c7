#!/usr/bin/env node
import { useCompileCache } from './compile-cache.js'

// It is not an error if a reader such as `head` stops reading, or if the terminal was closed.
const isNoError = ({ code }) => code === 'EPIPE' || code === 'EIO'
process.stderr.on('error', () => {})
process.stdout.on('error', (error) => {
  if (isNoError(error)) return
  // For example a full disk: the command is done, but its output is lost.
  process.stderr.write(`spec-kitty: The output could not be written: ${error.message}\n`)
  process.exit(1)
})

useCompileCache()
const argv = process.argv.slice(2)
// A stack then names files and lines of the sources instead of the bundle.
if (argv.includes('--debug') || process.env.DEBUG) process.setSourceMapsEnabled(true)
// An agent waits for its hooks: they have a small bundle of their own.
const isHook =
  argv[0] === 'hooks' && (await (await import('../bundle/hook.js')).runInstalledHook(argv))
if (!isHook) process.exitCode = await (await import('../bundle/main.js')).main(argv)
