// Bundles the command line, so that a start reads a handful of files instead of some five hundred. What a
// program imports (`dist/`) stays as it is; only `bin/run.js` runs the bundle.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { bundleReport } from './bundle-report.mjs'
import { lazyRequires } from './lazy-requires.mjs'
import { noticesOf } from './notices.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const outdir = join(root, 'bundle')

// Some of what is bundled is CommonJS and asks for built-in modules by `require`.
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);"

rmSync(outdir, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/index.ts' },
  outdir,
  // One folder without levels: a chunk finds package.json where the source does, one folder up.
  chunkNames: '[name]-[hash]',
  conditions: ['@kitty/source'],
  bundle: true,
  // What a command does not need stays in a chunk that is not read.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay, for --debug.
  minifyIdentifiers: false,
  banner: { js: REQUIRE },
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [lazyRequires],
})
const inPage = await bundleReport(root, outdir)
const inputs = [...Object.keys(metafile.inputs), ...inPage]
writeFileSync(join(outdir, 'NOTICES.txt'), noticesOf(inputs, root))
