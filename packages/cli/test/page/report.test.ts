import {
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseOpId } from '@kitty/record'
import { closedRecordText, newRepository, openRecordText, tempFolder } from '@kitty/test-kit'
import { shellWord } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { runIn } from '../support/in-process.js'

const IDS = [
  parseOpId('01K6ZP4W3M8Q2V5X7Y9A1B3C5D'),
  parseOpId('01K6ZP4W3M8Q2V5X7Y9A1B3C5E'),
] as const
const OUTPUT = ['-o', 'page.html']
const isWindows = process.platform === 'win32'

const store = async (): Promise<string> => {
  const root = await tempFolder()
  await mkdir(join(root, 'kitty-ops'))
  const put = (id: string, text: string) =>
    writeFileSync(join(root, 'kitty-ops', `${id}.jsonl`), text)
  put(IDS[0], closedRecordText({ id: IDS[0] }))
  put(IDS[1], `${openRecordText({ id: IDS[1] })}not json\n`)
  return root
}

/** The data in a page. */
const dataOf = (page: string) => {
  const [, json = ''] =
    /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? []
  return JSON.parse(json)
}

it('writes one page, prints its path and size, and replaces an earlier one', async () => {
  const root = await store()
  const first = await runIn(root, ['ops', 'report', ...OUTPUT])
  expect(first.stdout).toMatch(/^Report {2}.*page\.html\nContent 2 Ops, [\d.]+ kB; open it/)
  const page = readFileSync(join(root, 'page.html'), 'utf8')
  expect(
    dataOf(page).ops.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome]),
  ).toEqual([
    [IDS[1], 'open'],
    [IDS[0], 'done'],
  ])
  expect(dataOf(page).ops[0].problems).toEqual(['line 2: the line is not JSON'])
  const again = await runIn(root, ['ops', 'report', '--json', ...OUTPUT])
  const bytes = readFileSync(join(root, 'page.html')).length
  expect(JSON.parse(again.stdout)).toEqual({ path: join(root, 'page.html'), ops: 2, bytes })
})

it('writes to a new private file outside the work tree if no file is named', async () => {
  const root = await store()
  const before = readdirSync(root)
  const pathOf = async () => {
    const { stdout, stderr } = await runIn(root, ['ops', 'report', '--json'])
    expect(stderr).toBe('')
    return String(JSON.parse(stdout).path)
  }
  const [path, another] = [await pathOf(), await pathOf()]
  expect(path).not.toBe(another)
  expect(path.startsWith(join(realpathSync(tmpdir()), 'kitty-ops-report-'))).toBe(true)
  expect(dataOf(readFileSync(path, 'utf8')).ops).toHaveLength(2)
  expect(readdirSync(root)).toEqual(before)
  const modes = [dirname(path), path].map((each) => statSync(each).mode & 0o777)
  if (!isWindows) expect(modes).toEqual([0o700, 0o600])
})

describe.skipIf(isWindows)('--open (on Windows, the opener is found by its path)', () => {
  const name = process.platform === 'darwin' ? 'open' : 'xdg-open'
  /** A folder with an opener that notes its arguments, one on each line. */
  const opener = async (status: number): Promise<{ PATH: string; notes: string }> => {
    const folder = await tempFolder()
    const notes = join(folder, 'notes')
    const text = `#!/bin/sh\nprintf '%s\\n' "$@" > '${notes}'\nexit ${status}\n`
    writeFileSync(join(folder, name), text, { mode: 0o755 })
    return { PATH: folder, notes }
  }
  const NAME = 'a b; $(touch x) & "c".html'

  it('opens the page, whatever its name', async () => {
    const root = await store()
    const { PATH, notes } = await opener(0)
    const argv = ['ops', 'report', '--open', '-o', NAME]
    const { status, stdout, stderr } = await runIn(root, argv, { variables: { PATH } })
    expect([status, stderr]).toEqual([0, ''])
    expect(readFileSync(notes, 'utf8')).toBe(`${join(root, NAME)}\n`)
    expect(stdout).toMatch(/^Content 2 Ops, .* kB; opened in the browser$/m)
    const unnamed = await runIn(root, ['ops', 'report', '--open', '--json'], {
      variables: { PATH },
    })
    expect(readFileSync(notes, 'utf8')).toBe(`${JSON.parse(unnamed.stdout).path}\n`)
    expect(readdirSync(root).toSorted()).toEqual([NAME, 'kitty-ops'].toSorted())
  })

  it.each([
    ['is missing', async () => ({ PATH: await tempFolder() }), `${name} was not found.`],
    ['fails', () => opener(3), `${name} failed.`],
  ])('writes the report and says so if the opener %s', async (_, given, why) => {
    const root = await store()
    const { PATH } = await given()
    const argv = ['ops', 'report', '--open', ...OUTPUT]
    const { status, stdout, stderr } = await runIn(root, argv, { variables: { PATH } })
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/page\.html\n.*; open it in a browser\n/),
    ])
    expect(stderr).toBe(
      `spec-kitty: warning: The report was written, but it can't be opened in a browser: ${why}\n` +
        '  Open the file in a browser yourself.\n',
    )
    expect(readdirSync(root)).toContain('page.html')
  })
})

it('does not open what it prints', async () => {
  const { status, stderr } = await runIn(await store(), ['ops', 'report', '--open', '-o', '-'])
  expect([status, stderr]).toEqual([2, expect.stringContaining("--open can't be used together")])
})

it('has the command that closes an open Op, with a root that was named, quoted', async () => {
  const root = await store()
  const odd = join(root, "a 'b' $(x)")
  await mkdir(join(odd, 'kitty-ops'), { recursive: true })
  writeFileSync(join(odd, 'kitty-ops', `${IDS[1]}.jsonl`), openRecordText({ id: IDS[1] }))
  const { stdout } = await runIn(root, ['ops', 'report', '-o', '-', '--root', odd])
  const end = '--outcome done   [or failed, abandoned]'
  expect(dataOf(stdout).ops.map(({ close }: { close?: string }) => close)).toEqual([
    `spec-kitty ops complete ${IDS[1]} --root ${shellWord(odd)} ${end}`,
  ])
  const here = await runIn(root, ['ops', 'report', '-o', '-'])
  expect(dataOf(here.stdout).ops.map(({ close }: { close?: string }) => close)).toEqual([
    `spec-kitty ops complete ${IDS[1]} ${end}`,
    undefined,
  ])
})

it('contains the Ops that match a filter, and names the filter', async () => {
  const root = await store()
  const { stdout, status } = await runIn(root, ['ops', 'report', '--status', 'open', '-o', '-'])
  expect(status).toBe(0)
  expect(dataOf(stdout)).toMatchObject({ filter: 'status open', ops: [{ id: IDS[1] }] })
})

it('warns of a damaged ledger also if it prints the page', async () => {
  const { path, write, git } = await newRepository()
  await write('a.txt', 'a\n')
  await git('add', 'a.txt')
  const tree = (await git('write-tree')).trim()
  const commit = (await git('commit-tree', '-m', 'ledger', tree)).trim()
  const ref = `refs/kitty/remotes/origin/${IDS[0]}`
  await git('update-ref', ref, commit)
  await rm(join(path, '.git', 'objects', tree.slice(0, 2), tree.slice(2)), { force: true })
  const { status, stderr } = await runIn(path, ['ops', 'report', '--all', '-o', '-'])
  expect([status, stderr]).toEqual([0, expect.stringContaining(`The ledger ${ref} cannot be read`)])
})

it('allows only its own script and style', async () => {
  const { stdout } = await runIn(await store(), ['ops', 'report', '-o', '-'])
  const [, policy = ''] =
    /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(stdout) ?? []
  expect(policy.replaceAll(/'sha256-[^']+'/g, '#').split('; ')).toEqual([
    "default-src 'none'",
    'script-src #',
    'style-src #',
    "base-uri 'none'",
    "form-action 'none'",
  ])
  expect(stdout).not.toMatch(/\b(?:src|href)="(?!#)/)
})

it.each([
  ['a file of somebody else', 'notes.html', 'ALREADY_EXISTS'],
  ['a place among the records', 'kitty-ops/report.html', 'OUTPUT_REFUSED'],
  ['a link', 'link.html', 'SYMLINK_REFUSED'],
  ['a folder', '.', 'NOT_A_FILE'],
  ['a folder that is not there', 'no/where.html', 'NOT_FOUND'],
])('refuses %s', async (_, output, code) => {
  const root = await store()
  writeFileSync(join(root, 'notes.html'), 'mine')
  symlinkSync('notes.html', join(root, 'link.html'))
  const { stdout, status } = await runIn(root, ['ops', 'report', '-o', output, '--json'])
  expect([status, JSON.parse(stdout).error.code]).toEqual([1, code])
  expect(readFileSync(join(root, 'notes.html'), 'utf8')).toBe('mine')
})

it('replaces another file with --force, and prints either the page or JSON', async () => {
  const root = await store()
  writeFileSync(join(root, 'notes.html'), 'mine')
  const { status } = await runIn(root, ['ops', 'report', '-o', 'notes.html', '--force'])
  expect([status, readFileSync(join(root, 'notes.html'), 'utf8').slice(0, 15)]).toEqual([
    0,
    '<!doctype html>',
  ])
  expect((await runIn(root, ['ops', 'report', '-o', '-', '--json'])).status).toBe(2)
})

it('names the folder that is missing', async () => {
  const { stderr } = await runIn(await store(), ['ops', 'report', '-o', 'sub/x.html'])
  expect(stderr).toContain('The folder sub does not exist.')
})
