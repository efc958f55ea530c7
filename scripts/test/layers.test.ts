// Checks that the rules for folders find violations: each is planted in a copy of the sources.
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

type Cruise = {
  readLayers: (top: string) => Promise<{ readonly wrong: readonly string[] }>
}
type Folders = { LAYERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> }

const module = (name: string) => new URL(`../layers/${name}.mjs`, import.meta.url).href
const { readLayers }: Cruise = await import(module('cruise'))
const { LAYERS }: Folders = await import(module('folders'))

const top = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kitty-layers-'))

// A file, the line added to it, and the violation that must be reported.
const PLANTED = [
  [
    'packages/writer/src/lock/owner.ts',
    "export type { OpSummary } from '../records/summary.js'",
    'writer: lock must import only fs: packages/writer/src/lock/owner.ts → packages/writer/src/records/summary.ts',
  ],
  [
    'packages/record/src/events/fields.ts',
    "export const late = import('../formats/trail-policy.js')",
    'record: events must import only base: packages/record/src/events/fields.ts → packages/record/src/formats/trail-policy.ts',
  ],
  [
    'packages/doctor/src/facts/one.ts',
    "import './two.js'",
    'no cycle: packages/doctor/src/facts/one.ts → packages/doctor/src/facts/two.ts → packages/doctor/src/facts/one.ts',
  ],
  [
    'packages/cli/src/misc/file.ts',
    'export {}',
    'packages/cli/src/misc/file.ts: scripts/layers/folders.mjs has no row for this folder',
  ],
] as const
const UNREAD = 'packages/record/src/base/gone.ts'

const plant = (path: string, line: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  appendFileSync(join(folder, path), `\n${line}\n`)
}

beforeAll(() => {
  for (const name of Object.keys(LAYERS)) {
    const below = join('packages', name, 'src')
    cpSync(join(top, below), join(folder, below), { recursive: true })
  }
  for (const [path, line] of PLANTED) plant(path, line)
  plant('packages/doctor/src/facts/two.ts', "import type { One } from './one.js'")
  // Git lists this file, but it cannot be read.
  plant(UNREAD, 'export {}')
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  execFileSync('git', ['add', '--', UNREAD], { cwd: folder })
  rmSync(join(folder, UNREAD))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every violation is reported on its own line, and nothing else is', async () => {
  const { wrong } = await readLayers(folder)
  const expected = [...PLANTED.map(([, , line]) => line), `${UNREAD} was not read`]
  expect([...wrong].sort()).toEqual(expected.sort())
})

const rowOf = (row: string, allowed: readonly string[]) => [
  `\`${row === '.' ? 'beside them' : `${row}/`}\``,
  allowed.map((each) => `\`${each}\``).join(', ') || '–',
]

test.each(Object.entries(LAYERS))('src/README.md of %s has the same rows', (name, rows) => {
  const text = readFileSync(join(top, 'packages', name, 'src', 'README.md'), 'utf8')
  const found = [...text.matchAll(/^\| (`[^|]+`) \|[^|]+\| ([^|]+) \|/gm)]
  expect(found.map(([, row, allowed]) => [row, allowed])).toEqual(
    Object.entries(rows).map(([row, allowed]) => rowOf(row, allowed)),
  )
})
