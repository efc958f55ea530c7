// Runs every example; each fails by its exit status where it does not do what it tells.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run, top } from './run.mjs'
import { main } from './setup.mjs'

await main(async () => {
  for (const name of readdirSync(join(top, 'examples'))) {
    process.stdout.write(`\n── ${name}\n`)
    const code = await run(process.execPath, [join(top, 'examples', name, 'dist', 'main.js')])
    if (code !== 0) return code
  }
  return 0
})
