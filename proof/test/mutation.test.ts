import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

type Group = { readonly mutated: readonly string[]; readonly tests: readonly string[] }
type Packages = {
  readonly packageNames: readonly string[]
  readonly groupsOf: (name: string, paths: readonly string[]) => readonly Group[]
}
type Summary = { readonly summarize: (name: string, files: readonly object[]) => string }

const hrefOf = (name: string): string => new URL(`../mutation/${name}.mjs`, import.meta.url).href
const { packageNames, groupsOf }: Packages = await import(hrefOf('packages'))
const { summarize }: Summary = await import(hrefOf('summary'))

const PURE = 'packages/writer/src/fs/errors.ts'
const mutatedOf = (name: string, paths: readonly string[]) =>
  groupsOf(name, paths).flatMap(({ mutated }) => mutated)

test('a file is mutated if no import leads from it to files or processes', () => {
  const impure = ['packages/writer/src/fs/folder.ts', 'packages/writer/src/ops/complete-op.ts']
  const others = ['packages/writer/test/fs/errors.test.ts', 'packages/writer/package.json']
  expect(mutatedOf('writer', [...impure, PURE, ...others])).toEqual([PURE])
  expect(mutatedOf('record', [PURE])).toEqual([])
})

test('the tests that must notice exist', () => {
  const isThere = (path: string) => {
    const file = path.endsWith('.ts') ? path : `${path}.test.ts`
    return [file, path].some((each) =>
      existsSync(fileURLToPath(new URL(`../../${each}`, import.meta.url))),
    )
  }
  const tests = packageNames.flatMap((name) => groupsOf(name, []).flatMap((group) => group.tests))
  expect(tests.filter((path) => !isThere(path))).toEqual([])
})

test('a missed mutant is shown with its place, what it changes and the score', () => {
  const missed = {
    location: { start: { line: 2, column: 11 }, end: { line: 3, column: 6 } },
    mutatorName: 'Odd',
    replacement: 'false',
  }
  const source = 'x\nconst y = 1 &&\n    2\n'
  const file = { path: 'a.ts', source, valid: 4, missed: [missed], leftOut: 2 }
  expect(summarize('record', [file])).toBe(
    'a.ts:2:11 Odd: 1 && 2 → false\nrecord: 75.0 % of 4 mutants in 1 files noticed, 1 missed, 2 left out',
  )
})
