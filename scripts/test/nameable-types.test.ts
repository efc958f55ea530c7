// Every type that a user of a package meets in a signature can be imported, and comments name nothing else.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

type Unnamed = Readonly<
  Record<'unnamedTypes' | 'unknownInComments', (folder: string) => readonly string[]>
>

const { unnamedTypes, unknownInComments }: Unnamed = await import(
  new URL('../api/unnamed.mjs', import.meta.url).href
)

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))

it.each(readdirSync(PACKAGES))('%s exports each type that its exports name', (name) => {
  expect(unnamedTypes(join(PACKAGES, name))).toEqual([])
})

it.each(readdirSync(PACKAGES))('comments of %s name nothing that cannot be imported', (name) => {
  expect(unknownInComments(join(PACKAGES, name))).toEqual([])
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

it('finds a comment that names an inner function', () => {
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'src', 'known.ts'), 'export const inner = 1\nexport const known = 2\n')
  writeFileSync(
    join(folder, 'dist', 'index.d.ts'),
    '/** As `inner` does, not `other`. */\nexport declare const known: () => number;\n',
  )
  expect(unknownInComments(folder)).toEqual(['known: inner'])
})
