// Bundles the command line, so that a start reads a few files instead of about five hundred. Only `bin/run.js` runs
// the bundle; programs import `dist/`.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { bundleReport } from './bundle-report.mjs'
import { lazyRequires } from './lazy-requires.mjs'
import { noticesOf } from './notices.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const outdir = join(root, 'bundle')

// Some bundled modules are CommonJS and load built-in modules with `require`.
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);"

rmSync(outdir, { recursive: true, force: true })
const options = {
  absWorkingDir: root,
  outdir,
  // One flat folder: a chunk finds package.json one folder up, as the source does.
  chunkNames: '[name]-[hash]',
  conditions: ['@kitty/source'],
  bundle: true,
  // Modules that a command does not need are in chunks that it does not read.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names are kept for --debug.
  minifyIdentifiers: false,
  banner: { js: REQUIRE },
  legalComments: 'none',
  // For the stack that --debug prints: names and lines of the sources, whose text is not in the package.
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  metafile: true,
  plugins: [lazyRequires],
  // Its main file loads others in a way that cannot be bundled.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
}
const main = await build({ ...options, entryPoints: { main: 'src/index.ts' } })
// A hook is one file with just what it needs. What it needs only for writing is apart.
const hook = await build({
  ...options,
  entryPoints: { hook: 'src/app/hook.ts' },
  splitting: false,
  plugins: [
    {
      name: 'actions-apart',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/hook-actions\.js$/ }, () => ({
          path: './hook-actions.js',
          external: true,
        })),
    },
  ],
})
const actions = await build({
  ...options,
  entryPoints: { 'hook-actions': 'src/hooks/hook-actions.ts' },
})
const built = [main, hook, actions]
const metafile = { inputs: Object.assign({}, ...built.map((each) => each.metafile.inputs)) }
// The schemas are for the tests and the documentation. A command needs only their types.
const schemas = Object.keys(metafile.inputs).filter((path) => path.startsWith('src/json/'))
if (schemas.length > 0) throw new Error(`Not imported with \`import type\`: ${schemas.join(', ')}`)
const inPage = await bundleReport(root, outdir)
const inputs = [...Object.keys(metafile.inputs), ...inPage]
writeFileSync(join(outdir, 'NOTICES.txt'), noticesOf(inputs, root))
