// Form, lint and import direction; unused files, exports and dependencies; types of the tests.
import { Trouble, tool } from './run.mjs'
import { main } from './setup.mjs'

const CHECKS = [
  ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'],
  ['knip/bin/knip.js'],
  ['typescript/bin/tsc', '-p', 'tsconfig.tests.json'],
]

await main(async () => {
  for (const [path, ...args] of CHECKS) {
    if ((await tool(path, args, { quiet: true })) !== 0) throw new Trouble(`${path}: see above.`)
  }
})
