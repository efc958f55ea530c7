// npm start: sets everything up, then shows the main job; with words, it is the command spec-kitty.
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
  // npm starts scripts at the top of the repository; INIT_CWD is where the person stands.
  const cwd = process.env.INIT_CWD ?? process.cwd()
  return run(process.execPath, [join(top, 'packages', 'cli', 'bin', 'run.js'), ...words], { cwd })
})
