// Bundles the command line, so that a start reads one file instead of about five hundred. Only `bin/run.js` runs
// the bundle; programs import `dist/`.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { apart } from './apart.mjs'
import { bundleReport } from './bundle-report.mjs'
import { lazyRequires } from './lazy-requires.mjs'
import { noticesOf } from './notices.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const outdir = join(root, 'bundle')

// A bundle is one function with the parameters of a CommonJS module: `bin/load.js` keeps it compiled.
const BEGIN = `(function (exports, require, module, __filename, __dirname) { 'use strict'
const importMetaUrl = require('node:url').pathToFileURL(__filename).href;`
const END = '})'

/** Ends a bundle with the hash of its content. What is compiled belongs to that content only. */
const markContent = ({ path, text }) => {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  writeFileSync(path, `${text.trimEnd()}\n//${hash}`)
}

rmSync(outdir, { recursive: true, force: true })
const options = {
  absWorkingDir: root,
  outdir,
  outExtension: { '.js': '.cjs' },
  conditions: ['@kitty/source'],
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // Compiled code that was kept cannot import: literal imports become `require`.
  supported: { 'dynamic-import': false },
  minifySyntax: true,
  minifyWhitespace: true,
  // Names are kept for --debug.
  minifyIdentifiers: false,
  legalComments: 'none',
  // For the stack that --debug prints: names and lines of the sources, whose text is not in the package.
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  metafile: true,
  // Its main file loads others in a way that cannot be bundled.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
}
const found = new Map()
const { metafile, outputFiles } = await build({
  ...options,
  entryPoints: { main: 'src/index.ts', hook: 'src/app/hook.ts' },
  banner: { js: BEGIN },
  footer: { js: END },
  define: { 'import.meta.url': 'importMetaUrl' },
  plugins: [lazyRequires, apart(found)],
  write: false,
})
mkdirSync(outdir)
for (const file of outputFiles) {
  if (file.path.endsWith('.map')) writeFileSync(file.path, file.contents)
  else markContent(file)
}
const packages = await build({ ...options, entryPoints: Object.fromEntries(found) })
const bundled = { ...metafile.inputs, ...packages.metafile.inputs }
// The schemas are for the tests and the documentation. A command needs only their types.
const schemas = Object.keys(bundled).filter((path) => path.startsWith('src/json/'))
if (schemas.length > 0) throw new Error(`Not imported with \`import type\`: ${schemas.join(', ')}`)
const inPage = await bundleReport(root, outdir)
const inputs = [...Object.keys(bundled), ...inPage]
writeFileSync(join(outdir, 'NOTICES.txt'), noticesOf(inputs, root))
