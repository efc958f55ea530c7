import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { runBuilt } from '../support/built.js'
import { plainVariables } from '../support/in-process.js'

const packageFile = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

test('the program needs nothing but its bundle', async () => {
  const folder = await tempFolder()
  for (const part of ['bin', 'bundle', 'package.json']) {
    cpSync(packageFile(part), join(folder, 'program', part), { recursive: true })
  }
  const program = join(folder, 'program', 'bin', 'run.js')
  const run = (...argv: readonly string[]) =>
    execa(process.execPath, [program, ...argv], {
      cwd: folder,
      env: plainVariables(),
      extendEnv: false,
      reject: false,
    })
  const secret = `ghp_${'a1B2'.repeat(9)}`
  const { stdout } = await run('do', `Use ${secret}`, '--json', '--', process.execPath, '-e', '0')
  expect(JSON.parse(stdout)).toMatchObject({ result: 'success', outcome: 'done' })
  expect((await run('ops', 'list')).stdout).toContain('done')
  expect((await run('ops', 'show', '7ZZ')).exitCode).toBe(1)
  expect((await run('doctor', 'ops')).exitCode).toBe(0)
  expect((await run('ops', 'complete', '--help')).stdout).toContain('USAGE')
})

test('the licences of what is bundled come along', () => {
  const notices = readFileSync(packageFile('bundle/NOTICES.txt'), 'utf8')
  for (const name of ['@oclif/core', 'zod', 'yaml', 'execa']) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, 'm'))
  }
  expect(notices.match(/^Permission .* granted/gm)?.length).toBeGreaterThan(20)
})

const COMPILED = `"use strict";
var __importDefault = (mod) => (mod && mod.__esModule ? mod : { default: mod });
const part_1 = __importDefault(require("./part.cjs"));
const part_2 = require("./part.cjs");
exports.made = () => new part_2.Made(part_1.default.word);
exports.loaded = () => Object.keys(require.cache).some((path) => path.endsWith("part.cjs"));
`

test('a delayed require runs when it is used, and has the same value', async () => {
  const folder = await tempFolder()
  const part = 'exports.word = "x"; exports.Made = class { constructor(word) { this.word = word } }'
  writeFileSync(join(folder, 'part.cjs'), part)
  writeFileSync(join(folder, 'eager.cjs'), COMPILED)
  const { withLazyRequires } = await import(packageFile('scripts/lazy-requires.mjs'))
  writeFileSync(join(folder, 'lazy.cjs'), withLazyRequires(COMPILED))
  const require = createRequire(join(folder, 'x.cjs'))
  const lazy = require(join(folder, 'lazy.cjs'))
  expect(lazy.loaded()).toBe(false)
  expect(lazy.made()).toEqual({ word: 'x' })
  expect(lazy.loaded()).toBe(true)
  expect(require(join(folder, 'eager.cjs')).made()).toEqual(lazy.made())
})

/** A folder of its own for compiled code, and a function that runs `--help` with it. */
const withCache = async () => {
  const cache = await tempFolder()
  const variables = { XDG_CACHE_HOME: cache, HOME: join(cache, 'home'), LOCALAPPDATA: cache }
  const inHome = join(cache, 'home', 'Library', 'Caches')
  const base = process.platform === 'darwin' ? inHome : cache
  const folder = join(base, 'spec-kitty', 'compiled', `${process.version}-${process.arch}`)
  const help = (more: Readonly<Record<string, string>> = {}) =>
    runBuilt(cache, ['--help'], { variables: { ...variables, ...more } })
  return { folder, help, variables }
}

test("the compiled program is in the user's own cache folder, and is used", async () => {
  const { folder, help } = await withCache()
  const first = await help()
  const [name = ''] = readdirSync(folder)
  const { ino, mtimeMs } = statSync(join(folder, name))
  expect(await help()).toEqual(first)
  expect(statSync(join(folder, name))).toMatchObject({ ino, mtimeMs })
  expect([first.status, readdirSync(folder)]).toEqual([0, [name]])
})

test.each([
  ['damaged', (bytes: Buffer) => bytes.fill(0x55, 5_000, 5_100)],
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 5_000)],
  ['empty', () => Buffer.alloc(0)],
])('compiled code that is %s is not run but replaced', async (_, change) => {
  const { folder, help } = await withCache()
  const first = await help()
  const [path = ''] = readdirSync(folder).map((name) => join(folder, name))
  const changed = Buffer.from(change(readFileSync(path)))
  writeFileSync(path, changed)
  expect(await help()).toEqual(first)
  expect(readFileSync(path).equals(changed)).toBe(false)
})

test('compiled code that was kept checks patterns, and loads a strategy', async () => {
  const { variables } = await withCache()
  const { path, write } = await newRepository()
  await write('.kittify/config.yaml', "ops: { ledger: false, redact_patterns: ['acme-[0-9]+'] }\n")
  const none = "all.map(() => ({ status: 'skipped', reason: 'disabled' }))"
  await write('mine.mjs', `export default { name: 'mine', commit: async (_, all) => ${none} }\n`)
  const more = { ...variables, SPEC_KITTY_COMMIT_STRATEGY: './mine.mjs' }
  for (const _ of ['compiled now', 'kept before']) {
    const argv = ['do', 'acme-1', '--json', '--', process.execPath, '-e', '0']
    const { stdout, stderr } = await runBuilt(path, argv, { variables: more })
    expect(JSON.parse(stdout)).toMatchObject({ redacted: 1, commit: { reason: 'disabled' } })
    expect(stderr).not.toContain('Experimental')
  }
})

test('NODE_DISABLE_COMPILE_CACHE keeps nothing', async () => {
  const { folder, help } = await withCache()
  expect((await help({ NODE_DISABLE_COMPILE_CACHE: '1' })).status).toBe(0)
  expect(existsSync(folder)).toBe(false)
})

test('a cache folder that cannot be created is not an error', async () => {
  const folder = await tempFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const variables = { XDG_CACHE_HOME: file, LOCALAPPDATA: file, HOME: file }
  const { status, stderr } = await runBuilt(folder, ['--help'], { variables })
  expect([status, stderr]).toEqual([0, ''])
})
