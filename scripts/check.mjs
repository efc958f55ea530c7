// Form, lint and import direction; unused files, exports and dependencies; types of the tests.
import { tool } from './tools.mjs'
import { main, Trouble } from './trouble.mjs'

const CHECKS = [
  [
    '@biomejs/biome/bin/biome',
    ...['ci', '--error-on-warnings', '--colors=off', '--max-diagnostics=30', '.'],
  ],
  ['knip/bin/knip.js', '--no-config-hints'],
  ['typescript/bin/tsc', '-p', 'tsconfig.tests.json'],
]

const failing = async ([path, ...args]) =>
  (await tool(path, args, { quiet: true })) === 0 ? [] : [path.slice(0, path.indexOf('/bin/'))]

await main(async () => {
  const failed = (await Promise.all(CHECKS.map(failing))).flat()
  if (failed.length > 0) throw new Trouble(`Not in order: ${failed.join(', ')}; see above.`)
})
