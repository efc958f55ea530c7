import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const canTrace = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0

/** Changes in a copy of the sources: a message, a trailer of a commit, and a sync that is left out. */
const PLANTED = [
  ['`Closed  ${', '`Ended   ${'],
  ["['Op-Outcome', ", "['Op-Ending', "],
  ["durability === 'power') await syncToDisk(", "durability === 'process') await syncToDisk("],
] as const

const LEFT_OUT = new Set(['.git', 'coverage', '.turbo'])
const STAMPS = /^\.(?:install|build)-stamp$/

/** Links what is installed into the copy, and copies the stamps of the build, which the copy changes. */
const linkInstalled = (copy: string): void => {
  const [from, to] = [join(TOP, 'node_modules'), join(copy, 'node_modules')]
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    if (STAMPS.test(name)) copyFileSync(join(from, name), join(to, name))
    else symlinkSync(join(from, name), join(to, name), 'junction')
  }
}

const copySources = (copy: string): void => {
  const filter = (path: string): boolean => {
    const [first = '', ...rest] = relative(TOP, path).split(sep)
    return !(first === 'node_modules' && rest.length === 0) && !LEFT_OUT.has(rest.at(-1) ?? first)
  }
  const options = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter }
  cpSync(TOP, copy, options)
}

const sourcesIn = (copy: string): string[] =>
  readdirSync(join(copy, 'packages')).flatMap((name) => {
    const folder = join(copy, 'packages', name, 'src')
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(folder, path))
  })

const plant = (copy: string): number[] => {
  const files = sourcesIn(copy).map((path) => ({ path, text: readFileSync(path, 'utf8') }))
  return PLANTED.map(([old, changed]) => {
    const found = files.filter(({ text }) => text.includes(old))
    for (const { path } of found) {
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, text.replace(old, changed))
    }
    return found.length
  })
}

const copy = join(realpathSync(mkdtempSync(join(tmpdir(), 'kitty-planted-'))), 'copy')

beforeAll(() => {
  copySources(copy)
  linkInstalled(copy)
})
afterAll(() => rmSync(join(copy, '..'), { recursive: true, force: true, maxRetries: 5 }))

const same = (against: string) => {
  const only = ['plain:complete', 'system calls:completion'].flatMap((each) => ['--only', each])
  const run = join(TOP, 'proof', 'run.mjs')
  const args = [run, 'same', '--against', against, ...only]
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 280_000 })
}

it('finds nothing if both builds are the same', () => {
  const { status, stdout } = same(TOP)
  expect(stdout).toContain(': 0 differ')
  expect(status).toBe(0)
}, 300_000)

it('finds a message, a trailer and a sync that differ in another build', () => {
  expect(plant(copy)).toEqual([1, 1, 2])
  const { status, stdout } = same(copy)
  expect(stdout).toMatch(/- Ended .*\n *\+ Closed /)
  expect(stdout).toMatch(/- Op-Ending: done\n *\+ Op-Outcome: done/)
  // Without strace, the sync cannot be compared.
  if (canTrace) expect(stdout).toMatch(/\+ (?:\d+ )?fsync .*kitty-ops/)
  else expect(stdout).toContain('system calls: not compared')
  expect(status).toBe(1)
}, 300_000)
