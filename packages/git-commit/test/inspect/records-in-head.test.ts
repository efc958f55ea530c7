import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import {
  closedRecordText,
  newRepository,
  openRecordText,
  type Repository,
  tempFolder,
} from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { isBlob, readBlobs } from '../../src/inspect/read-blobs.js'
import { recordsInHead } from '../../src/inspect/records-in-head.js'

const [HOT, ARCHIVED] = [newOpId(), newOpId()]

const withRecords = async (repository: Repository, below = ''): Promise<string> => {
  await repository.write(`${below}${recordPath(HOT)}`, closedRecordText({ id: HOT }))
  await repository.write(`${below}${archivedPath(ARCHIVED)}`, closedRecordText({ id: ARCHIVED }))
  await repository.write(`${below}kitty-ops/ops-index.jsonl`, '')
  return repository.commit('Two Ops')
}

describe('the records in HEAD', () => {
  it.each(['sha1', 'sha256'] as const)(
    'are returned with their blobs, in %s',
    async (objectFormat) => {
      const repository = await newRepository({ objectFormat })
      await withRecords(repository)
      await repository.write(recordPath(newOpId()), openRecordText())
      const records = await recordsInHead(repository.path)
      expect([...(records ?? [])].sort()).toEqual(
        await Promise.all(
          [recordPath(HOT), archivedPath(ARCHIVED)]
            .sort()
            .map(async (path) => [path, await repository.git('rev-parse', `HEAD:${path}`)]),
        ),
      )
      const blob = records?.get(recordPath(HOT)) ?? ''
      expect(isBlob(blob, Buffer.from(closedRecordText({ id: HOT })))).toBe(true)
      expect(isBlob(blob, Buffer.from(closedRecordText({ id: HOT }).slice(1)))).toBe(false)
    },
  )

  it('are relative to a project root below the top, without any others', async () => {
    const repository = await newRepository()
    await withRecords(repository, 'services/käse/')
    await withRecords(repository, 'services/käse-2/')
    const records = await recordsInHead(join(repository.path, 'services', 'käse'))
    expect([...(records?.keys() ?? [])].sort()).toEqual(
      [recordPath(HOT), archivedPath(ARCHIVED)].sort(),
    )
  })

  it('are none before the first commit, and none in a repository without Ops', async () => {
    const unborn = await newRepository({ unborn: true })
    expect(await recordsInHead(unborn.path)).toEqual(new Map())
    const empty = await newRepository()
    expect(await recordsInHead(empty.path)).toEqual(new Map())
  })

  it('are undefined outside git', async () => {
    expect(await recordsInHead(await tempFolder())).toBeUndefined()
  })

  it('are an error if git cannot list them', async () => {
    const repository = await newRepository()
    const id = await repository.head()
    await repository.write(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`, 'rubbish')
    await expect(recordsInHead(repository.path)).rejects.toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringContaining('could not list'),
    })
  })

  it.skipIf(process.platform === 'win32')('leave out what is not a file', async () => {
    const repository = await newRepository()
    const blob = await repository.gitWith({ input: 'elsewhere' }, 'hash-object', '-w', '--stdin')
    const entry = `120000,${blob.stdout},${recordPath(HOT)}`
    await repository.git('update-index', '--add', '--cacheinfo', entry)
    await repository.git('commit', '--quiet', '-m', 'A link')
    expect(await recordsInHead(repository.path)).toEqual(new Map())
  })
})

describe('blobs', () => {
  it('are read many at once, to the byte, and missing ones are left out', async () => {
    const repository = await newRepository()
    await withRecords(repository)
    await repository.write('odd', Buffer.from([0xff, 0x0a, 0x00, 0x0a]))
    await repository.write('empty', '')
    await repository.commit('Odd files')
    const ids = await Promise.all(
      ['odd', 'empty', recordPath(HOT)].map((path) => repository.git('rev-parse', `HEAD:${path}`)),
    )
    const blobs = await readBlobs(repository.path, [...ids, '0'.repeat(40)])
    expect(ids.map((id) => blobs.get(id))).toEqual([
      Buffer.from([0xff, 0x0a, 0x00, 0x0a]),
      Buffer.alloc(0),
      Buffer.from(closedRecordText({ id: HOT })),
    ])
    expect(blobs.size).toBe(3)
  })

  it('are empty if none are requested, and outside git', async () => {
    const repository = await newRepository()
    expect(await readBlobs(repository.path, [])).toEqual(new Map())
    expect(await readBlobs(await tempFolder(), ['0'.repeat(40)])).toEqual(new Map())
  })
})
