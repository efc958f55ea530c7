// npm run check: checks format and lint; the direction of imports; unused files, exports and dependencies; the types
// of the tests and of the report page; links in the documentation; and whether the generated parts of docs/ (commands
// and their JSON, errors, APIs, the diagram of folders, the picture of the terminal) match what is built.
import { join } from 'node:path'
import { run, top } from './run.mjs'
import { tool } from './tools.mjs'
import { main, Trouble } from './trouble.mjs'

const QUIET = { quiet: true }
const BIOME = ['ci', '--error-on-warnings', '--colors=off', '--max-diagnostics=30', '.']
const reportPage = join(top, 'packages', 'cli', 'report-page')
// Checks links within this repository only, without the network and without a remote.
const LINKS = ['.', '--quiet', '--frail', '--no-stdout', '--no-color']
LINKS.push('--use', 'remark-validate-links=repository:false')
const reference = join(top, 'packages', 'cli', 'scripts', 'reference.mjs')
const json = join(top, 'packages', 'cli', 'scripts', 'json.mjs')
const errors = join(top, 'packages', 'cli', 'scripts', 'errors.mjs')
const api = join(top, 'scripts', 'api.mjs')
const layers = join(top, 'scripts', 'layers.mjs')
const picture = join(top, 'scripts', 'picture.mjs')

const CHECKS = {
  biome: () => tool('@biomejs/biome/bin/biome', BIOME, QUIET),
  knip: () => tool('knip/bin/knip.js', ['--no-config-hints'], QUIET),
  types: () => tool('typescript/bin/tsc', ['-p', 'tsconfig.tests.json'], QUIET),
  'types of the report page': () => tool('typescript/bin/tsc', ['-p', reportPage], QUIET),
  'docs/cli.md': () => run(process.execPath, [reference, '--check'], QUIET),
  'docs/json.md': () => run(process.execPath, [json, '--check'], QUIET),
  'docs/errors.md': () => run(process.execPath, [errors, '--check'], QUIET),
  links: () => tool('remark-cli/cli.js', LINKS, QUIET),
  'docs/api': () => run(process.execPath, [api, '--check'], QUIET),
  'docs/images/terminal.svg': () => run(process.execPath, [picture, '--check'], QUIET),
  layers: () => run(process.execPath, [layers, '--check'], QUIET),
}

const failing = async ([name, check]) => ((await check()) === 0 ? [] : [name])

await main(async () => {
  // Each check listens for signals.
  process.setMaxListeners(2 * Object.keys(CHECKS).length)
  const failed = (await Promise.all(Object.entries(CHECKS).map(failing))).flat()
  if (failed.length > 0) throw new Trouble(`Failed: ${failed.join(', ')}. See above.`)
})
