import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { closedRecordText, newRepository } from '@kitty/test-kit'
import { beforeEach, describe, expect, it } from 'vitest'
import { jsonIn, openIn, runIn } from '../support/in-process.js'

const DAY = 86_400_000
const START = Date.UTC(2026, 0, 28)

let path: string

const recordOf = (id: string) => join(path, 'kitty-ops', `${id}.jsonl`)

/** Closed Ops, one a day. Returns their ids, newest first. */
const closedOps = async (count: number): Promise<readonly OpId[]> => {
  await mkdir(join(path, 'kitty-ops'), { recursive: true })
  const ids = Array.from({ length: count }, (_, day) => newOpId(START + day * DAY))
  for (const id of ids) await writeFile(recordOf(id), closedRecordText({ id }))
  return ids.toReversed()
}

/** The ids and the cursor of a page. */
const pageOf = async (...argv: readonly string[]) => {
  const { json } = await jsonIn(path, ['ops', 'list', ...argv])
  const { ops, next }: { ops: readonly { invocation_id: string }[]; next?: string } = Object(json)
  return { ids: ops.map(({ invocation_id }) => invocation_id), next }
}

/** Every Op, page by page. `between` runs after each page. */
const allPages = async (
  filters: readonly string[],
  between: () => Promise<unknown> = async () => {},
): Promise<readonly string[]> => {
  const found: string[] = []
  let after: readonly string[] = []
  for (;;) {
    const { ids, next } = await pageOf(...filters, ...after)
    found.push(...ids)
    if (next === undefined) return found
    after = ['--after', next]
    await between()
  }
}

beforeEach(async () => {
  path = (await newRepository()).path
})

describe('a list for programs', () => {
  it('has the newest 100 and a cursor, which ends with the last page', async () => {
    const ids = await closedOps(201)
    const first = await pageOf()
    expect(first).toEqual({ ids: ids.slice(0, 100), next: ids[99] })
    expect(await allPages([])).toEqual(ids)
    expect(await pageOf('--limit', 'all')).toEqual({ ids, next: undefined })
    expect(await pageOf('-n', '201')).toEqual({ ids, next: undefined })
    const { json } = await jsonIn(path, ['ops', 'timeline', '-n', 'all'])
    expect(JSON.stringify(json)).toContain(ids[200])
    expect(json).not.toHaveProperty('next')
    const page = await jsonIn(path, ['ops', 'timeline', '--after', ids[99] ?? ''])
    expect(page).toMatchObject({ json: { next: ids[199], groups: [{ ops: { length: 100 } }] } })
    expect(page.stderr).toBe(
      'spec-kitty: There are more Ops after these. Use -n all to show all.\n',
    )
  })

  it('neither repeats nor skips an Op, whatever happens between two pages', async () => {
    const ids = await closedOps(12)
    const archived = async () => {
      const id = ids[8] ?? ''
      const place = join(path, 'kitty-ops', 'archive', '2026-01', `${id}.jsonl`)
      await mkdir(dirname(place), { recursive: true })
      await rename(recordOf(id), place).catch(() => {})
    }
    const between = async () => {
      await openIn(path, ['do', 'Another one'])
      await archived()
    }
    expect(await allPages(['-n', '3'], between)).toEqual(ids)
    expect(await pageOf('-n', '1', '--status', 'open')).toMatchObject({ next: expect.any(String) })
  })

  it('continues after an Op that was closed, and after one that is gone', async () => {
    const ids = [await openIn(path), await openIn(path), await openIn(path)].toReversed()
    const open = ['--status', 'open', '-n', '1']
    const first = await pageOf(...open)
    expect(first).toEqual({ ids: ids.slice(0, 1), next: ids[0] })
    await runIn(path, ['ops', 'complete', first.next ?? '', '--outcome', 'done'])
    const second = await pageOf(...open, '--after', first.next ?? '')
    expect(second).toEqual({ ids: ids.slice(1, 2), next: ids[1] })
    await rm(recordOf(second.next ?? ''))
    expect(await pageOf(...open, '--after', second.next ?? '')).toEqual({ ids: ids.slice(2) })
  })

  it('has pages of every filter and of every format', async () => {
    const ids = await closedOps(6)
    const since = ['--since', new Date(START + DAY).toISOString()]
    expect(await allPages(['-n', '2', ...since])).toEqual(ids.slice(0, 5))
    expect(await allPages(['-n', '1', '--outcome', 'failed'])).toEqual([])
    const after = ['--after', ids[1] ?? '', '-n', '2']
    for (const format of [[], ['--csv'], ['--jsonl'], ['--columns', 'id']]) {
      const { stdout } = await runIn(path, ['ops', 'list', ...format, ...after])
      expect(ids.filter((id) => stdout.includes(id))).toEqual(ids.slice(2, 4))
    }
    const table = await runIn(path, ['ops', 'list', ...after])
    expect(table.stdout).toContain('There are more Ops after these. Use -n all to show all.')
    const none = await runIn(path, ['ops', 'list', '--after', ids[5] ?? ''])
    expect(none.stdout).toMatch(/^No Op matches these filters\./)
  })

  it.each(['', 'x', '01K6ZP4W', '01k6zp4wq0000000000000000a'])(
    'refuses %j as a cursor',
    async (cursor) => {
      for (const command of ['list', 'timeline']) {
        expect(await jsonIn(path, ['ops', command, '--after', cursor])).toMatchObject({
          status: 2,
          json: { error: { code: 'CURSOR_INVALID', message: expect.stringContaining('--after') } },
        })
      }
    },
  )
})
