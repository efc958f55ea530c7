import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import type { Ops } from '../../src/ops/ops.js'
import type { CommitResult, CommitStrategy } from '../../src/ports/commit-strategy.js'
import { archivedPath, recordPath, toAbsolute } from '../../src/project/paths.js'
import { stateDirOf } from '../../src/project/state-dir.js'
import { moveRecords } from '../../src/records/move-records.js'
import { DONE, openStore, REQUEST, textAt } from '../support/store.js'

/** What HEAD holds, with any bytes; `undefined` outside git. */
type Head = { paths: readonly string[] | undefined }

const answering = (result: CommitResult) => {
  const head: Head = { paths: [] }
  const has = (path: string): boolean => head.paths?.includes(path) === true
  const strategy: CommitStrategy = {
    name: 'answering',
    commit: async (_, requests) => requests.map(() => result),
    reader: {
      recordsInHead: async () => (head.paths === undefined ? undefined : { has, holds: has }),
      findCommits: async (_, records) => records.map(() => undefined),
      sparseRecords: async () => [],
    },
  }
  return { head, strategy }
}
const commits = () => answering({ status: 'committed', sha: 'a'.repeat(40) })
const defers = () => answering({ status: 'deferred', reason: 'test', message: 'Not now.' })

const ALL = { olderThanDays: 0 }

const closeOne = async (ops: Ops): Promise<OpId> => {
  const { id } = await ops.start(REQUEST)
  await ops.complete(id, DONE)
  return id
}

describe('archiving', () => {
  it.each(['process', 'power'] as const)('moves what is closed and committed: %s', async (how) => {
    const { head, strategy } = commits()
    const ops = await openStore({ strategy, durability: how })
    const [id, other] = [await closeOne(ops), await closeOne(ops)]
    const open = await ops.start(REQUEST)
    const text = await textAt(ops, recordPath(id))
    head.paths = [recordPath(id), recordPath(open.id)]
    expect(await ops.archive({ ...ALL, dryRun: true })).toEqual({
      archivedIds: [id],
      blockedIds: [],
    })
    expect(await ops.archive(ALL)).toMatchObject({
      archivedIds: [id],
      blockedIds: [],
    })
    expect(await textAt(ops, archivedPath(id))).toBe(text)
    await expect(textAt(ops, recordPath(id))).rejects.toThrow('ENOENT')
    expect(await textAt(ops, recordPath(other))).toContain('completed')
  })

  it('says what is in the way of its lock', async () => {
    const { head, strategy } = commits()
    const ops = await openStore({ strategy })
    head.paths = [recordPath(await closeOne(ops))]
    const { lockDir } = await stateDirOf(ops.root)
    await rm(join(lockDir, 'tokens'), { recursive: true, force: true })
    await writeFile(join(lockDir, 'tokens'), '')
    await expect(ops.archive(ALL)).rejects.toMatchObject({
      code: expect.any(String),
      message: expect.stringContaining('commit.lock'),
    })
  })

  it('keeps the newest Ops, and those that are too young', async () => {
    const { head, strategy } = commits()
    const ops = await openStore({ strategy })
    const ids = [await closeOne(ops), await closeOne(ops)]
    head.paths = ids.map(recordPath)
    expect((await ops.archive()).archivedIds).toEqual([])
    expect((await ops.archive({ ...ALL, keep: 1 })).archivedIds).toEqual([ids[0]])
  })

  it('moves everything back if the commit fails', async () => {
    const { head, strategy } = defers()
    const ops = await openStore({ strategy })
    const id = await closeOne(ops)
    head.paths = [recordPath(id)]
    const result = await ops.archive(ALL)
    expect(result).toMatchObject({ archivedIds: [], commit: { reason: 'test' } })
    expect(await textAt(ops, recordPath(id))).toContain('completed')
    await expect(textAt(ops, archivedPath(id))).rejects.toThrow('ENOENT')
  })

  it('leaves an Op whose place has other bytes', async () => {
    const { head, strategy } = commits()
    const ops = await openStore({ strategy })
    const id = await closeOne(ops)
    await mkdir(dirname(toAbsolute(ops.root, archivedPath(id))), { recursive: true })
    await writeFile(toAbsolute(ops.root, archivedPath(id)), 'other\n')
    head.paths = [recordPath(id)]
    const result = await ops.archive(ALL)
    expect(result).toEqual({ archivedIds: [], blockedIds: [id] })
    expect(await textAt(ops, recordPath(id))).toContain('completed')
  })

  it('completes one that was interrupted after the move', async () => {
    const { head, strategy } = commits()
    const ops = await openStore({ strategy })
    const id = await closeOne(ops)
    const [from, to] = [recordPath(id), archivedPath(id)].map((path) => toAbsolute(ops.root, path))
    await mkdir(dirname(to ?? ''), { recursive: true })
    await rename(from ?? '', to ?? '')
    head.paths = [recordPath(id)]
    expect(await ops.archive()).toMatchObject({
      archivedIds: [id],
    })
  })

  it('skips a record that is gone when it is to be moved', async () => {
    const ops = await openStore(commits())
    const moves = [await closeOne(ops), newOpId()].map((id) => ({
      from: recordPath(id),
      to: archivedPath(id),
    }))
    expect(await moveRecords(ops.root, moves, 'process')).toEqual(moves.slice(0, 1))
  })

  it('does nothing outside git', async () => {
    const { head, strategy } = commits()
    const ops = await openStore({ strategy })
    await closeOne(ops)
    head.paths = undefined
    const result = await ops.archive(ALL)
    expect(result.commit).toEqual({ status: 'skipped', reason: 'no-repository' })
  })

  it('needs a strategy that commits, and that can read what is committed', async () => {
    const off = await openStore()
    expect(await off.archive(ALL)).toMatchObject({ commit: { reason: 'disabled' } })
    const { reader: _, ...blind } = commits().strategy
    const ops = await openStore({ strategy: blind })
    const id = await closeOne(ops)
    expect(await ops.archive(ALL)).toMatchObject({
      archivedIds: [],
      commit: { status: 'refused', code: 'READER_MISSING' },
    })
    expect(await textAt(ops, recordPath(id))).toContain('completed')
  })

  it.each([
    [{ olderThanDays: -1 }, 'DAYS_INVALID'],
    [{ olderThanDays: Number.NaN }, 'DAYS_INVALID'],
    [{ olderThanDays: 0, keep: -1 }, 'KEEP_INVALID'],
    [{ olderThanDays: 0, keep: 1.5 }, 'KEEP_INVALID'],
  ])('refuses numbers that mean nothing: %j', async (limits, code) => {
    const ops = await openStore(commits())
    await expect(ops.archive(limits)).rejects.toMatchObject({ code })
  })
})
