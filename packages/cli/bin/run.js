#!/usr/bin/env node
import { useCompileCache } from './compile-cache.js'

// A reader that has seen enough, as `head` has, is no error; nor is a terminal that was closed.
const isNoError = ({ code }) => code === 'EPIPE' || code === 'EIO'
process.stderr.on('error', () => {})
process.stdout.on('error', (error) => {
  if (isNoError(error)) return
  // A disk that is full, say: nobody gets the answer, which is the last thing that is done, and must hear of that.
  process.stderr.write(`spec-kitty: The answer could not be written: ${error.message}\n`)
  process.exit(1)
})

useCompileCache()
const { main } = await import('../bundle/main.js')
process.exitCode = await main(process.argv.slice(2))
