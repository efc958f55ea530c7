import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import type { CommittedRecords } from '../../src/ops/archive-ops.js'
import type { Ops } from '../../src/ops/ops.js'
import type { CommitResult, CommitStrategy } from '../../src/ports/commit-strategy.js'
import { archivedPath, recordPath, toAbsolute } from '../../src/project/paths.js'
import { moveRecords } from '../../src/records/move-records.js'
import { DONE, openStore, REQUEST, textAt } from '../support/store.js'

const ALWAYS = { before: Number.MAX_SAFE_INTEGER, keep: 0 }

/** HEAD has exactly these paths, with any bytes. */
const head = (...paths: readonly string[]): CommittedRecords => ({
  has: (path) => paths.includes(path),
  holds: (path) => paths.includes(path),
})

const answering = (result: CommitResult): CommitStrategy => ({
  name: 'answering',
  commit: async (requests) => requests.map(() => result),
})
const COMMITS = answering({ status: 'committed', sha: 'a'.repeat(40) })
const DEFERS = answering({ status: 'deferred', reason: 'test', message: 'Not now.' })

const closeOne = async (ops: Ops): Promise<OpId> => {
  const { id } = await ops.start(REQUEST)
  await ops.complete(id, DONE)
  return id
}

describe('archiving', () => {
  it.each(['process', 'power'] as const)('moves what is closed and committed: %s', async (how) => {
    const ops = await openStore({ strategy: COMMITS, durability: how })
    const [id, other] = [await closeOne(ops), await closeOne(ops)]
    const open = await ops.start(REQUEST)
    const text = await textAt(ops, recordPath(id))
    const committed = async () => head(recordPath(id), recordPath(open.id))
    expect(await ops.archive({ ...ALWAYS, committed, dryRun: true })).toEqual({
      archivedIds: [id],
      blockedIds: [],
    })
    expect(await ops.archive({ ...ALWAYS, committed })).toMatchObject({
      archivedIds: [id],
      blockedIds: [],
    })
    expect(await textAt(ops, archivedPath(id))).toBe(text)
    await expect(textAt(ops, recordPath(id))).rejects.toThrow('ENOENT')
    expect(await textAt(ops, recordPath(other))).toContain('completed')
  })

  it('keeps the newest Ops, and those younger than `before`', async () => {
    const ops = await openStore({ strategy: COMMITS })
    const ids = [await closeOne(ops), await closeOne(ops)]
    const committed = async () => head(...ids.map(recordPath))
    expect((await ops.archive({ before: 0, keep: 0, committed })).archivedIds).toEqual([])
    expect((await ops.archive({ ...ALWAYS, keep: 1, committed })).archivedIds).toEqual([ids[0]])
  })

  it('moves everything back if the commit fails', async () => {
    const ops = await openStore({ strategy: DEFERS })
    const id = await closeOne(ops)
    const result = await ops.archive({ ...ALWAYS, committed: async () => head(recordPath(id)) })
    expect(result).toMatchObject({ archivedIds: [], commit: { reason: 'test' } })
    expect(await textAt(ops, recordPath(id))).toContain('completed')
    await expect(textAt(ops, archivedPath(id))).rejects.toThrow('ENOENT')
  })

  it('leaves an Op whose place has other bytes', async () => {
    const ops = await openStore({ strategy: COMMITS })
    const id = await closeOne(ops)
    await mkdir(dirname(toAbsolute(ops.root, archivedPath(id))), { recursive: true })
    await writeFile(toAbsolute(ops.root, archivedPath(id)), 'other\n')
    const result = await ops.archive({ ...ALWAYS, committed: async () => head(recordPath(id)) })
    expect(result).toEqual({ archivedIds: [], blockedIds: [id] })
    expect(await textAt(ops, recordPath(id))).toContain('completed')
  })

  it('completes one that was interrupted after the move', async () => {
    const ops = await openStore({ strategy: COMMITS })
    const id = await closeOne(ops)
    const [from, to] = [recordPath(id), archivedPath(id)].map((path) => toAbsolute(ops.root, path))
    await mkdir(dirname(to ?? ''), { recursive: true })
    await rename(from ?? '', to ?? '')
    const committed = async () => head(recordPath(id))
    expect(await ops.archive({ before: 0, keep: 0, committed })).toMatchObject({
      archivedIds: [id],
    })
  })

  it('skips a record that is gone when it is to be moved', async () => {
    const ops = await openStore({ strategy: COMMITS })
    const moves = [await closeOne(ops), newOpId()].map((id) => ({
      from: recordPath(id),
      to: archivedPath(id),
    }))
    expect(await moveRecords(ops.root, moves, 'process')).toEqual(moves.slice(0, 1))
  })

  it('does nothing outside git', async () => {
    const ops = await openStore({ strategy: COMMITS })
    await closeOne(ops)
    const result = await ops.archive({ ...ALWAYS, committed: async () => undefined })
    expect(result.commit).toEqual({ status: 'skipped', reason: 'no-repository' })
  })
})
