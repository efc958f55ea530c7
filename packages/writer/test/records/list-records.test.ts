import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, parseOpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { archivedPath, recordPath } from '../../src/project/paths.js'
import { iterateRecords, listRecords } from '../../src/records/list-records.js'
import { resolveOpId } from '../../src/records/resolve-id.js'
import { idAt, put, putArchived, putRecord } from '../support/records.js'

describe('the ids of all records', () => {
  it('are none before the first Op', async () => {
    expect(await listRecords(await tempFolder())).toEqual([])
  })

  it('are sorted newest first, hot and archived, each once', async () => {
    const root = await tempFolder()
    const [oldest, archived, both, newest] = [idAt(0), idAt(1), idAt(2), idAt(3)]
    await putRecord(root, newest, '')
    await putRecord(root, oldest, '')
    await putArchived(root, archived, '')
    await putArchived(root, both, '')
    await putRecord(root, both, '')
    const places = await listRecords(root)
    expect(places.map(({ id, path, isFile }) => ({ id, path, isFile }))).toEqual([
      { id: newest, path: recordPath(newest), isFile: true },
      { id: both, path: recordPath(both), isFile: true },
      { id: archived, path: archivedPath(archived), isFile: true },
      { id: oldest, path: recordPath(oldest), isFile: true },
    ])
  })

  it('are sorted the same, wherever the records are, and each once', async () => {
    const root = await tempFolder()
    const DAY = 86_400_000
    const ids = Array.from({ length: 60 }, (_, n) => newOpId(Date.UTC(2025, 10, 3) + n * 2.5 * DAY))
    for (const [n, id] of ids.entries()) {
      if (n % 3 !== 0) await putArchived(root, id, '')
      if (n % 3 !== 1) await putRecord(root, id, '')
    }
    const places = await listRecords(root)
    expect(places.map(({ id }) => id)).toEqual(ids.toReversed())
    const isHot = new Map(places.map(({ id, path }) => [id, path === recordPath(id)]))
    expect(ids.map((id) => isHot.get(id))).toEqual(ids.map((_, n) => n % 3 !== 1))
  })

  it('are read no further back than requested', async () => {
    const root = await tempFolder()
    const [old, young] = [newOpId(Date.UTC(2025, 0, 9)), newOpId(Date.UTC(2026, 0, 9))]
    await putRecord(root, young, '')
    await putArchived(root, old, '')
    const asked: string[] = []
    for await (const { id } of iterateRecords(root)) {
      asked.push(id)
      await rm(join(root, 'kitty-ops', 'archive', '2025-01'), { recursive: true, force: true })
    }
    expect(asked).toEqual([young])
  })

  it('are not taken from other files', async () => {
    const root = await tempFolder()
    const others = ['ops-index.jsonl', '.gitattributes', 'notes.md', `${idAt(0)}.jsonl.orig`]
    for (const name of others) await put(root, `kitty-ops/${name}`, '')
    await put(root, `kitty-ops/archive/${idAt(0)}.jsonl`, '')
    await put(root, `kitty-ops/archive/old/${idAt(0)}.jsonl`, '')
    expect(await listRecords(root)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('are not read behind a symbolic link', async () => {
    const refused = { code: 'SYMLINK_REFUSED' }
    for (const folder of ['kitty-ops', 'kitty-ops/archive', 'kitty-ops/archive/2026-01']) {
      const root = await tempFolder()
      await mkdir(join(root, folder, '..'), { recursive: true })
      await symlink(await tempFolder(), join(root, folder))
      await expect(listRecords(root)).rejects.toMatchObject(refused)
    }
  })
})

describe('an id prefix', () => {
  const [older, newer] = [idAt(0), idAt(100_000)]
  // The first ten characters encode the time, so these two differ within them.
  const shared = [...older].findIndex((letter, at) => letter !== newer[at])

  const projectWithBoth = async (): Promise<string> => {
    const root = await tempFolder()
    await putRecord(root, older, '')
    await putArchived(root, newer, '')
    return root
  }

  it('is resolved if it is unique, in upper or lower case', async () => {
    const root = await projectWithBoth()
    expect(await resolveOpId(root, older.slice(0, shared + 1))).toBe(older)
    expect(await resolveOpId(root, ` ${newer.slice(0, shared + 3).toLowerCase()} `)).toBe(newer)
    expect(await resolveOpId(root, newer)).toBe(newer)
    expect(await resolveOpId(root, older.toLowerCase())).toBe(older)
  })

  it('is ambiguous if two ids start with it, and the candidates are named', async () => {
    const found = resolveOpId(await projectWithBoth(), older.slice(0, shared))
    await expect(found).rejects.toMatchObject({
      code: 'AMBIGUOUS_ID',
      hint: expect.stringMatching(new RegExp(`${newer}.*${older}`)),
    })
  })

  it('names only some of many candidates', async () => {
    const root = await tempFolder()
    for (let minute = 0; minute < 11; minute += 1) await putRecord(root, idAt(minute), '')
    const found = resolveOpId(root, older.slice(0, 3))
    await expect(found).rejects.toMatchObject({
      message: expect.stringContaining('11 Op ids'),
      hint: expect.stringContaining('and 3 more'),
    })
  })

  it.each(['', '  ', 'ZZZ', idAt(5), '../..', '%'])('%j matches no Op', async (prefix) => {
    const found = resolveOpId(await projectWithBoth(), prefix)
    await expect(found).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
  })

  it('is not an ending unless that is asked for, and an ending needs four characters', async () => {
    const root = await projectWithBoth()
    const ending = newer.slice(-6)
    await expect(resolveOpId(root, ending)).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
    expect(await resolveOpId(root, ending.toLowerCase(), [], 'end')).toBe(newer)
    for (const short of [newer.slice(-3), '', newer.slice(0, 6)]) {
      const found = resolveOpId(root, short, [], 'end')
      await expect(found).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
    }
    const twin = parseOpId(`0${older.slice(1, 20)}${ending}`)
    await expect(resolveOpId(root, ending, [twin], 'end')).rejects.toMatchObject({
      code: 'AMBIGUOUS_ID',
      message: `2 Op ids end with ${ending}.`,
    })
  })

  it('can match an id whose record is missing but that has a start note', async () => {
    const root = await projectWithBoth()
    const lost = idAt(200_000)
    await expect(resolveOpId(root, lost)).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
    expect(await resolveOpId(root, lost, [lost])).toBe(lost)
    expect(await resolveOpId(root, older.slice(0, shared + 1), [older, lost])).toBe(older)
  })
})
