#!/usr/bin/env node
import { useCompileCache } from './compile-cache.js'

// A reader that has seen enough, as `head` has, is no error; nor is a terminal that was closed.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
  })
}

useCompileCache()
const { main } = await import('../bundle/main.js')
process.exitCode = await main(process.argv.slice(2))
