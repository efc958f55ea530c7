import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseOpId } from '@kitty/record'
import { closedRecordText, openRecordText, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { runIn } from '../support/in-process.js'

const IDS = [
  parseOpId('01K6ZP4W3M8Q2V5X7Y9A1B3C5D'),
  parseOpId('01K6ZP4W3M8Q2V5X7Y9A1B3C5E'),
] as const
const DEFAULT = 'kitty-ops-report.html'

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
  const first = await runIn(root, ['ops', 'report'])
  expect(first.stdout).toMatch(
    /^Report {2}.*kitty-ops-report\.html\nContent 2 Ops, [\d.]+ kB; open it/,
  )
  const page = readFileSync(join(root, DEFAULT), 'utf8')
  expect(
    dataOf(page).ops.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome]),
  ).toEqual([
    [IDS[1], 'open'],
    [IDS[0], 'done'],
  ])
  expect(dataOf(page).ops[0].problems).toEqual(['line 2: the line is not JSON'])
  const again = await runIn(root, ['ops', 'report', '--json'])
  const bytes = readFileSync(join(root, DEFAULT)).length
  expect(JSON.parse(again.stdout)).toEqual({ path: join(root, DEFAULT), ops: 2, bytes })
})

it('contains the Ops that match a filter, and names the filter', async () => {
  const root = await store()
  const { stdout, status } = await runIn(root, ['ops', 'report', '--status', 'open', '-o', '-'])
  expect(status).toBe(0)
  expect(dataOf(stdout)).toMatchObject({ filter: 'status open', ops: [{ id: IDS[1] }] })
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
