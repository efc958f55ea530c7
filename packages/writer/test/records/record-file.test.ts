import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { openOps } from '../../src/ops/ops.js'
import { ATTRIBUTES_PATH, archivedPath, recordPath, toAbsolute } from '../../src/project/paths.js'
import { createRecord, readRecord } from '../../src/records/record-file.js'
import { completedLine, put, putArchived, putRecord, startedLine } from '../support/records.js'
import { codeOf } from '../support/store.js'

const isWindows = process.platform === 'win32'
const refusedLink = { code: 'SYMLINK_REFUSED' }

describe('the record of a new Op', () => {
  it('is created with its folder, and nothing else', async () => {
    const root = await tempFolder()
    const id = newOpId()
    expect(await createRecord(root, id, startedLine(id), 'power')).toBe(recordPath(id))
    expect(await readdir(join(root, 'kitty-ops'))).toEqual([`${id}.jsonl`])
    expect(await readFile(toAbsolute(root, recordPath(id)), 'utf8')).toBe(startedLine(id))
  })

  it('leaves attributes that the user changed', async () => {
    const root = await tempFolder()
    await put(root, ATTRIBUTES_PATH, '* -text\n')
    const id = newOpId()
    await createRecord(root, id, startedLine(id), 'process')
    expect(await readFile(toAbsolute(root, ATTRIBUTES_PATH), 'utf8')).toBe('* -text\n')
  })

  it('can be the first of several at once', async () => {
    const root = await tempFolder()
    const ids = Array.from({ length: 8 }, () => newOpId())
    await Promise.all(ids.map((id) => createRecord(root, id, startedLine(id), 'process')))
    expect(await readdir(join(root, 'kitty-ops'))).toHaveLength(8)
  })

  it('never replaces another', async () => {
    const root = await tempFolder()
    const id = newOpId()
    await createRecord(root, id, startedLine(id), 'power')
    const again = createRecord(root, id, 'other\n', 'power')
    await expect(again).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
  })
})

describe('reading a record', () => {
  it('finds it in the hot folder, else in the archive', async () => {
    const root = await tempFolder()
    const id = newOpId()
    expect(await readRecord(root, id)).toBeUndefined()
    await putArchived(root, id, startedLine(id) + completedLine(id))
    expect(await readRecord(root, id)).toMatchObject({
      path: archivedPath(id),
      record: { status: 'closed', invocation_id: id },
    })
    await putRecord(root, id, startedLine(id))
    const hot = await readRecord(root, id)
    expect(hot).toMatchObject({ path: recordPath(id), record: { status: 'open' } })
    expect(hot?.bytes.toString()).toBe(startedLine(id))
  })

  it('returns the readable part of a damaged one', async () => {
    const root = await tempFolder()
    const id = newOpId()
    await putRecord(root, id, Uint8Array.of(0xff, 0x00))
    const file = await readRecord(root, id)
    expect(file?.record.status).toBe('unreadable')
    expect(file?.bytes).toEqual(Buffer.of(0xff, 0x00))
  })

  it('does not follow an id out of the folder', async () => {
    const root = await tempFolder()
    await put(root, 'outside.jsonl', 'x')
    await mkdir(join(root, 'kitty-ops'))
    const ops = await openOps({ root })
    const untyped: OpId = JSON.parse('"../outside"')
    expect(await codeOf(ops.read(untyped))).toBe('OP_NOT_FOUND')
  })
})

describe.skipIf(isWindows)('a symbolic link is refused', () => {
  it('as the folder of the records', async () => {
    const root = await tempFolder()
    const elsewhere = await tempFolder()
    await symlink(elsewhere, join(root, 'kitty-ops'))
    const id = newOpId()
    await expect(createRecord(root, id, startedLine(id), 'power')).rejects.toMatchObject(
      refusedLink,
    )
    await expect(readRecord(root, id)).rejects.toMatchObject(refusedLink)
    expect(await readdir(elsewhere)).toEqual([])
  })

  it('as a record, hot or archived', async () => {
    for (const pathOf of [recordPath, archivedPath]) {
      const root = await tempFolder()
      const id = newOpId()
      const path = toAbsolute(root, pathOf(id))
      await mkdir(dirname(path), { recursive: true })
      await writeFile(join(root, 'real'), startedLine(id))
      await symlink(join(root, 'real'), path)
      await expect(readRecord(root, id)).rejects.toMatchObject(refusedLink)
      expect(await readFile(join(root, 'real'), 'utf8')).toBe(startedLine(id))
    }
  })

  it('as the archive', async () => {
    const root = await tempFolder()
    const id = newOpId()
    await mkdir(join(root, 'kitty-ops'))
    await symlink(await tempFolder(), join(root, 'kitty-ops', 'archive'))
    await expect(readRecord(root, id)).rejects.toMatchObject(refusedLink)
  })

  it('as the attributes', async () => {
    const root = await tempFolder()
    const id = newOpId()
    await mkdir(join(root, 'kitty-ops'))
    await symlink(join(root, 'elsewhere'), toAbsolute(root, ATTRIBUTES_PATH))
    await expect(createRecord(root, id, startedLine(id), 'power')).rejects.toMatchObject(
      refusedLink,
    )
    expect(await readdir(root)).toEqual(['kitty-ops'])
  })
})
