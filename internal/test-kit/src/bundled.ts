import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const bundled = new Map<string, string>()

// Some dependencies are CommonJS and `require` built-in modules.
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);"

const bundle = (program: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kitty-program-'))
  // Some tests run it as another user.
  chmodSync(folder, 0o755)
  const outfile = join(folder, 'program.mjs')
  buildSync({
    entryPoints: [program],
    outfile,
    // Bundle from source, as the tests run, so that no build is needed first.
    conditions: ['@kitty/source'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: { js: REQUIRE },
    logLevel: 'error',
  })
  return outfile
}

/** Bundles a TypeScript module into one JavaScript file, once in a process. Returns the path of the file. */
export const bundledProgram = (program: URL): string => {
  const path = fileURLToPath(program)
  const made = bundled.get(path) ?? bundle(path)
  bundled.set(path, made)
  return made
}
