// The rules on folders, held to biting: a copy of the sources, with something planted in it.
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

// Where it stands, what is added there, and what is said of it.
const PLANTED = [
  [
    'packages/writer/src/lock/owner.ts',
    "export type { OpSummary } from '../records/summary.js'",
    'writer: lock may import fs: packages/writer/src/lock/owner.ts → packages/writer/src/records/summary.ts',
  ],
  [
    'packages/record/src/events/fields.ts',
    "export const late = import('../formats/trail-policy.js')",
    'record: events may import base: packages/record/src/events/fields.ts → packages/record/src/formats/trail-policy.ts',
  ],
  [
    'packages/doctor/src/facts/one.ts',
    "import './two.js'",
    'no cycle: packages/doctor/src/facts/one.ts → packages/doctor/src/facts/two.ts → packages/doctor/src/facts/one.ts',
  ],
  [
    'packages/cli/src/misc/file.ts',
    'export {}',
    'packages/cli/src/misc/file.ts: scripts/layers/folders.mjs has no row for its folder',
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
  // Git lists it, and nobody can read it.
  plant(UNREAD, 'export {}')
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  execFileSync('git', ['add', '--', UNREAD], { cwd: folder })
  rmSync(join(folder, UNREAD))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what breaks a rule on layers is found, a line each, and nothing else', async () => {
  const { wrong } = await readLayers(folder)
  const said = [...PLANTED.map(([, , line]) => line), `${UNREAD} was not read`]
  expect([...wrong].sort()).toEqual(said.sort())
})

const rowOf = (row: string, allowed: readonly string[]) => [
  `\`${row === '.' ? 'beside them' : `${row}/`}\``,
  allowed.map((each) => `\`${each}\``).join(', ') || '–',
]

test.each(Object.entries(LAYERS))('the README of the sources of %s has its rows', (name, rows) => {
  const text = readFileSync(join(top, 'packages', name, 'src', 'README.md'), 'utf8')
  const found = [...text.matchAll(/^\| (`[^|]+`) \|[^|]+\| ([^|]+) \|/gm)]
  expect(found.map(([, row, allowed]) => [row, allowed])).toEqual(
    Object.entries(rows).map(([row, allowed]) => rowOf(row, allowed)),
  )
})
