import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import {
  formatIndexRow,
  type IndexRow,
  indexRowOf,
  newOpId,
  type OpRecord,
  parseIndexRow,
  parseOpRecord,
} from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { INDEX_PATH, toAbsolute } from '../../src/project/paths.js'
import {
  KEPT_INDEX_ROWS,
  MAX_INDEX_ROWS,
  nextIndexBytes,
  rebuildIndex,
} from '../../src/records/ops-index.js'
import {
  closedLines,
  closedRecord,
  idAt,
  put,
  putArchived,
  putRecord,
  startedLine,
} from '../support/records.js'

const rowLine = (record: OpRecord): string => {
  const row = indexRowOf(record)
  if (row === undefined) throw new Error('the record is not closed')
  return formatIndexRow(row)
}

const parseIndex = (text: string): readonly IndexRow[] =>
  text.split('\n').flatMap((line) => parseIndexRow(line) ?? [])

const records = (count: number, from = 0): OpRecord[] =>
  Array.from({ length: count }, (_, at) => closedRecord(from + at))

describe('the next index', () => {
  it('starts with the first closed Op', () => {
    const [first, second] = records(2)
    if (!first || !second) throw new Error('two records')
    const bytes = nextIndexBytes(undefined, [first, second])
    expect(bytes?.toString()).toBe(rowLine(first) + rowLine(second))
    expect(parseIndex(bytes?.toString() ?? '').map((row) => row.invocation_id)).toEqual([
      first.invocation_id,
      second.invocation_id,
    ])
  })

  it('is the same if nothing is new, and then there is nothing to write', () => {
    const all = records(3)
    const bytes = nextIndexBytes(undefined, all)
    expect(nextIndexBytes(bytes, all)).toBeUndefined()
    expect(nextIndexBytes(bytes, [])).toBeUndefined()
    expect(nextIndexBytes(undefined, [])).toBeUndefined()
  })

  it('has no row for an open Op, nor for a damaged record', () => {
    const id = idAt(0)
    const open = parseOpRecord(startedLine(id), { opId: id })
    expect(nextIndexBytes(undefined, [open, parseOpRecord('nonsense')])).toBeUndefined()
  })

  it('has a row once, however often the Op is passed', () => {
    const record = closedRecord(0)
    expect(nextIndexBytes(undefined, [record, record])?.toString()).toBe(rowLine(record))
  })

  it('keeps unknown lines byte for byte', () => {
    const strange = Buffer.from('<<<<<<< HEAD\n{"other":"row"}\n\xff\xfe\n', 'latin1')
    const record = closedRecord(0)
    const next = nextIndexBytes(strange, [record])
    expect(next).toEqual(Buffer.concat([strange, Buffer.from(rowLine(record))]))
    expect(parseIndex(next?.toString() ?? '')).toHaveLength(1)
  })

  it('terminates a torn row first', () => {
    const [torn, record] = records(2)
    if (!torn || !record) throw new Error('two records')
    const next = nextIndexBytes(Buffer.from(rowLine(torn).slice(0, -9)), [record])
    expect(next?.toString()).toBe(`${rowLine(torn).slice(0, -9)}\n${rowLine(record)}`)
  })

  it('grows to its limit and is then cut back to the newest rows', () => {
    const full = nextIndexBytes(undefined, records(MAX_INDEX_ROWS))
    expect(parseIndex(full?.toString() ?? '')).toHaveLength(MAX_INDEX_ROWS)
    const more = closedRecord(MAX_INDEX_ROWS)
    const rows = parseIndex(nextIndexBytes(full, [more])?.toString() ?? '')
    expect(rows).toHaveLength(KEPT_INDEX_ROWS)
    expect(rows.at(-1)?.invocation_id).toBe(more.invocation_id)
  })
})

describe('rebuilding the index', () => {
  const written = (root: string): Promise<string> => readFile(toAbsolute(root, INDEX_PATH), 'utf8')

  it('includes closed Ops, hot and archived, in the order they were closed', async () => {
    const root = await tempFolder()
    const [late, early, open] = [idAt(0), idAt(1), idAt(2)]
    await putRecord(root, late, closedLines(30, late))
    await putArchived(root, early, closedLines(5, early))
    await putRecord(root, open, startedLine(open))
    await put(root, INDEX_PATH, 'garbage\n')
    expect(await rebuildIndex(root)).toEqual({ rows: 2 })
    expect(parseIndex(await written(root)).map((row) => row.invocation_id)).toEqual([early, late])
    expect(await rebuildIndex(root, 'power')).toEqual({ rows: 2 })
  })

  it('sorts Ops with the same time by id, so that the index is deterministic', async () => {
    const root = await tempFolder()
    const [one, two] = [idAt(0), idAt(1)]
    await putRecord(root, one, closedLines(5, one))
    await putRecord(root, two, closedLines(5, two))
    await rebuildIndex(root)
    expect(parseIndex(await written(root)).map((row) => row.invocation_id)).toEqual([one, two])
  })

  it('keeps only the newest rows', async () => {
    const root = await tempFolder()
    for (let minute = 0; minute < KEPT_INDEX_ROWS + 3; minute += 1) {
      const id = idAt(minute)
      await putRecord(root, id, closedLines(minute, id))
    }
    expect(await rebuildIndex(root)).toEqual({ rows: KEPT_INDEX_ROWS })
    expect(parseIndex(await written(root))[0]?.started_at).toBe('2026-01-05T10:03:00.000Z')
  })

  it('writes what commits would have written', async () => {
    const root = await tempFolder()
    const record = closedRecord(0)
    await putRecord(root, record.invocation_id ?? newOpId(), record.lines.join('\n'))
    await rebuildIndex(root)
    expect(await written(root)).toBe(nextIndexBytes(undefined, [record])?.toString())
  })

  it('writes nothing if there are no records', async () => {
    const root = await tempFolder()
    expect(await rebuildIndex(root)).toEqual({ rows: 0 })
    await mkdir(join(root, 'kitty-ops'))
    expect(await rebuildIndex(root)).toEqual({ rows: 0 })
    expect(await readdir(join(root, 'kitty-ops'))).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('does not follow a symbolic link', async () => {
    const root = await tempFolder()
    const id = idAt(0)
    await putRecord(root, id, closedLines(0, id))
    await put(root, 'elsewhere', 'mine')
    await symlink(join(root, 'elsewhere'), toAbsolute(root, INDEX_PATH))
    await expect(rebuildIndex(root)).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
    expect(await readFile(join(root, 'elsewhere'), 'utf8')).toBe('mine')
  })
})
