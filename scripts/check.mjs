// Form and lint; which package and which folder imports which; unused files, exports and dependencies; types of
// the tests and of the report's page; links in the documentation; and whether the references of commands and of
// APIs, and the drawing of the folders, say what is built.
import { join } from 'node:path'
import { run, top } from './run.mjs'
import { tool } from './tools.mjs'
import { main, Trouble } from './trouble.mjs'

const QUIET = { quiet: true }
const BIOME = ['ci', '--error-on-warnings', '--colors=off', '--max-diagnostics=30', '.']
const reportPage = join(top, 'packages', 'cli', 'report-page')
// Links within this repository only: nothing here goes to the network, nor asks for a remote.
const LINKS = ['.', '--quiet', '--frail', '--no-stdout', '--no-color']
LINKS.push('--use', 'remark-validate-links=repository:false')
const reference = join(top, 'packages', 'cli', 'scripts', 'reference.mjs')
const api = join(top, 'scripts', 'api.mjs')
const layers = join(top, 'scripts', 'layers.mjs')

const CHECKS = {
  biome: () => tool('@biomejs/biome/bin/biome', BIOME, QUIET),
  knip: () => tool('knip/bin/knip.js', ['--no-config-hints'], QUIET),
  types: () => tool('typescript/bin/tsc', ['-p', 'tsconfig.tests.json'], QUIET),
  'types of the report page': () => tool('typescript/bin/tsc', ['-p', reportPage], QUIET),
  'docs/cli.md': () => run(process.execPath, [reference, '--check'], QUIET),
  links: () => tool('remark-cli/cli.js', LINKS, QUIET),
  'docs/api': () => run(process.execPath, [api, '--check'], QUIET),
  layers: () => run(process.execPath, [layers, '--check'], QUIET),
}

const failing = async ([name, check]) => ((await check()) === 0 ? [] : [name])

await main(async () => {
  const failed = (await Promise.all(Object.entries(CHECKS).map(failing))).flat()
  if (failed.length > 0) throw new Trouble(`Not in order: ${failed.join(', ')}; see above.`)
})
