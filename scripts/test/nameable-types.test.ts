// Every type that a user of a package meets in a signature can be imported.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

type Unnamed = { unnamedTypes: (folder: string) => readonly string[] }

const { unnamedTypes }: Unnamed = await import(new URL('../api/unnamed.mjs', import.meta.url).href)

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))

it.each(readdirSync(PACKAGES))('%s exports each type that its exports name', (name) => {
  expect(unnamedTypes(join(PACKAGES, name))).toEqual([])
})

const folder = mkdtempSync(join(tmpdir(), 'types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('finds a type that is not exported, in any entry point and through any module', () => {
  mkdirSync(join(folder, 'dist'))
  const files = {
    'package.json': JSON.stringify({
      exports: {
        '.': { types: './dist/index.d.ts' },
        './more': { types: './dist/more.d.ts' },
        './package.json': './package.json',
      },
    }),
    'dist/index.d.ts': "export { type Known, known } from './known.js';\n",
    'dist/more.d.ts':
      "import type { Known } from './known.js';\ntype Hidden = string;\nexport declare const more: (known: Known) => Hidden;\n",
    'dist/known.d.ts':
      "import type { Part } from './part.js';\n/** Not a Ghost. */\ntype Ghost = 1;\nexport type Known = {\n  readonly part: Part;\n};\nexport declare const known: () => Known;\n",
    'dist/part.d.ts': 'export interface Part {\n  readonly id: string;\n}\n',
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  expect([...unnamedTypes(folder)].sort()).toEqual([
    'Hidden, in dist/more.d.ts',
    'Part, in dist/part.d.ts',
  ])
})
