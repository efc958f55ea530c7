// Checks that the linter's rules for imports find violations: lints each import in the folder that it is about.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kitty-imports-'))
const biome = join(top, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')

// A folder, and what a file in it imports.
const REFUSED = [
  ['packages/record/src', '@kitty/writer'],
  ['packages/record/src', '@kitty/cli'],
  ['packages/record/src', 'node:fs'],
  ['packages/record/src', 'fs'],
  ['packages/record/src', '../../writer/src/project/paths.js'],
  ['packages/writer/src', '@kitty/git-commit'],
  ['packages/writer/src', '@kitty/doctor'],
  ['packages/writer/src', '@kitty/record/src/parse/line.js'],
  ['packages/writer/src', '@kitty/record/dist/parse/line.js'],
  ['packages/writer/src', '../../record/src/parse/line.js'],
  ['packages/writer/src', 'node:child_process'],
  ['packages/writer/src', 'execa'],
  ['packages/writer/src/testing', '@kitty/git-commit'],
  ['packages/git-commit/src', '@kitty/doctor'],
  ['packages/git-commit/src', '@kitty/writer/testing'],
  ['packages/git-commit/src', 'node:child_process'],
  ['packages/git-commit/src', 'execa'],
  ['packages/doctor/src/checks', '@kitty/cli'],
  ['packages/doctor/src/checks', '../../../git-commit/dist/git/run-git.js'],
  ['packages/doctor/src', 'execa'],
  ['packages/cli/src/commands', '@kitty/doctor/dist/index.js'],
  ['packages/cli/src/commands', '../../../doctor/src/index.js'],
  ['packages/cli/src/commands', 'node:child_process'],
  ['packages/doctor/test', '@kitty/writer/src/project/paths.js'],
  ['packages/doctor/test', '../../writer/src/project/paths.js'],
  ['internal/test-kit/src', '../../../packages/record/src/parse/line.js'],
  ['examples/some/src', '@kitty/record/dist/parse/line.js'],
] as const

const ALLOWED = [
  ['packages/record/src', 'zod'],
  ['packages/record/test', 'node:fs'],
  ['packages/writer/src', '@kitty/record'],
  ['packages/writer/src', 'node:fs'],
  ['packages/writer/src/testing', 'node:child_process'],
  ['packages/git-commit/src', '@kitty/writer'],
  ['packages/git-commit/test', '@kitty/writer/testing'],
  ['packages/doctor/src/checks', '@kitty/git-commit'],
  ['packages/doctor/src/checks', '../check.js'],
  ['packages/doctor/test', '../src/check.js'],
  ['packages/cli/src/commands', '@kitty/doctor'],
  ['packages/cli/src/commands', '../doctor/sweep.js'],
] as const

const WAYS = ["import '%'", "export * from '%'", "export const late = import('%')"]

const RULES = ['lint/style/noRestrictedImports', 'lint/correctness/noNodejsModules']

type Diagnostic = { readonly category: string; readonly location: { readonly path: string } }

const placed = (place: string, name: string) =>
  `${place}/${name.replace(/[^a-z]+/g, '-')}`.replace(/-+$/, '')

const write = (path: string, imported: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  WAYS.forEach((way, at) => {
    writeFileSync(join(folder, `${path}-${at}.ts`), `${way.replace('%', imported)}\n`)
  })
}

let complaints: readonly string[] = []

beforeAll(() => {
  copyFileSync(join(top, 'biome.json'), join(folder, 'biome.json'))
  for (const [place, imported] of [...REFUSED, ...ALLOWED]) write(placed(place, imported), imported)
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  const args = ['lint', '--reporter=json', '--max-diagnostics=none']
  const { stdout } = spawnSync(process.execPath, [biome, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  const { diagnostics }: { diagnostics: readonly Diagnostic[] } = JSON.parse(stdout)
  complaints = diagnostics
    .filter(({ category }) => RULES.includes(category))
    .map(({ location }) => location.path.replaceAll('\\', '/'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const filesOf = (place: string, imported: string) =>
  WAYS.map((_, at) => `${placed(place, imported)}-${at}.ts`)

describe('imports', () => {
  test.each(REFUSED)('%s must not import %s', (place, imported) => {
    expect(complaints).toEqual(expect.arrayContaining(filesOf(place, imported)))
  })

  test.each(ALLOWED)('%s can import %s', (place, imported) => {
    expect(complaints.filter((path) => filesOf(place, imported).includes(path))).toEqual([])
  })
})
