import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const bundled = new Map<string, string>()

// Some of what is bundled is CommonJS and asks for built-in modules by `require`.
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module';const require = makeRequire(import.meta.url);"

const bundle = (program: string): string => {
  const outfile = join(mkdtempSync(join(tmpdir(), 'kitty-program-')), 'program.mjs')
  buildSync({
    entryPoints: [program],
    outfile,
    // From source, as the tests themselves run: nothing has to be built before.
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

/** A TypeScript module with all that it imports in one file of JavaScript, made once in a process. */
export const bundledProgram = (program: URL): string => {
  const path = fileURLToPath(program)
  const made = bundled.get(path) ?? bundle(path)
  bundled.set(path, made)
  return made
}
