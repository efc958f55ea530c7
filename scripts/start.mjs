// npm start: sets everything up, then gives a tour. With arguments, runs the command spec-kitty with them.
import { join } from 'node:path'
import { run, top } from './run.mjs'
import { setup } from './setup.mjs'
import { main } from './trouble.mjs'

const words = process.argv.slice(2)

await main(async () => {
  await setup()
  if (words.length === 0) {
    await import('./tour.mjs')
    return undefined
  }
  // npm starts scripts at the top of the repository; INIT_CWD is the caller's folder.
  const cwd = process.env.INIT_CWD ?? process.cwd()
  return run(process.execPath, [join(top, 'packages', 'cli', 'bin', 'run.js'), ...words], { cwd })
})
