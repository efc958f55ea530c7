import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { selfOwner } from '../../src/lock/owner.js'
import type { Ops } from '../../src/ops/ops.js'
import { recordPath } from '../../src/project/paths.js'
import { leaveBehind } from '../support/left-behind.js'
import { putRecord } from '../support/records.js'
import * as kit from '../support/store.js'
import { committing, NOT_NOW } from '../support/strategies.js'

const { DONE, REQUEST } = kit

const closeAnother = async (ops: Ops) => {
  const { id } = await ops.start(REQUEST)
  await ops.complete(id, DONE)
  return id
}

describe('an interrupted close', () => {
  it.each([
    ['before the record was changed', 0],
    ['in the middle of the append', 0.4],
    ['after the append', 1],
    ['and with its record deleted since', 'nothing'],
  ] as const)('%s is replayed and committed by the next completion', async (_, onDisk) => {
    const strategy = committing()
    const ops = await kit.openStore({ strategy, durability: 'power' })
    const { id, closed } = await leaveBehind(ops, onDisk)
    const other = await closeAnother(ops)
    expect(strategy.calls).toEqual([expect.arrayContaining([id, other])])
    expect(await kit.textAt(ops, recordPath(id))).toBe(closed)
    expect(await kit.intentIds(ops)).toEqual([])
  })

  it.each([0, 0.4, 1])('(%d of it) is reported to the next closer', async (onDisk) => {
    const strategy = committing()
    const ops = await kit.openStore({ strategy })
    const { id, closed } = await leaveBehind(ops, onDisk, { owner: kit.reusedOwner() })
    await expect(ops.complete(id, { outcome: 'failed' })).rejects.toMatchObject({
      code: 'ALREADY_CLOSED',
      commit: { status: 'committed', sha: 'c1' },
    })
    expect(await kit.textAt(ops, recordPath(id))).toBe(closed)
    expect(await kit.intentIds(ops)).toEqual([])
  })

  it('is replayed, but not committed, by another strategy', async () => {
    const strategy = committing({ name: 'other' })
    const ops = await kit.openStore({ strategy })
    const { id, closed } = await leaveBehind(ops, 0)
    const other = await closeAnother(ops)
    expect(await kit.textAt(ops, recordPath(id))).toBe(closed)
    expect(strategy.calls).toEqual([[other]])
    expect(await kit.intentIds(ops)).toEqual([id])
  })

  it('of a live process is left to that process', async () => {
    const strategy = committing()
    const ops = await kit.openStore({ strategy, lockTimeoutMs: 80 })
    const { id, open } = await leaveBehind(ops, 0, { owner: selfOwner() })
    const other = await closeAnother(ops)
    expect(strategy.calls).toEqual([[other]])
    expect(await kit.codeOf(ops.complete(id, DONE))).toBe('CLOSE_IN_PROGRESS')
    expect(await kit.textAt(ops, recordPath(id))).toBe(open)
  })

  it('of a record that has changed leaves it unchanged, and reports it', async () => {
    const ops = await kit.openStore({ strategy: committing() })
    const { id, open } = await leaveBehind(ops, 0)
    await putRecord(ops.root, id, `${open}{"event":"note"}\n`)
    await closeAnother(ops)
    expect((await kit.intentOf(ops, id))?.result).toMatchObject({ reason: 'record-changed' })
    expect(await kit.codeOf(ops.complete(id, DONE))).toBe('RECORD_CHANGED')
    expect(await kit.textAt(ops, recordPath(id))).toBe(`${open}{"event":"note"}\n`)
  })

  it('that cannot be replayed does not affect other Ops', async () => {
    const strategy = committing()
    const ops = await kit.openStore({ strategy })
    const { id } = await leaveBehind(ops, 1)
    await rm(join(ops.root, recordPath(id)))
    await mkdir(join(ops.root, recordPath(id)))
    const other = await closeAnother(ops)
    expect(strategy.calls).toEqual([[other]])
    expect((await kit.intentOf(ops, id))?.result).toMatchObject({ code: 'NOT_A_FILE' })
  })
})

describe('an intent', () => {
  const putTorn = async (ops: Ops, name: string, ageMs: number) => {
    const path = join(await kit.stateOf(ops), 'pending', name)
    await writeFile(path, '{"owner":"')
    const time = (Date.now() - ageMs) / 1000
    await utimes(path, time, time)
  }

  it('that is torn blocks no closer', async () => {
    const ops = await kit.openStore({ strategy: committing() })
    const { id } = await ops.start(REQUEST)
    await putTorn(ops, id, 61_000)
    expect((await ops.complete(id, DONE)).commit.status).toBe('committed')
    expect(await kit.pendingNames(ops)).toEqual([])
  })

  it('that is being written is waited for', async () => {
    const ops = await kit.openStore({ strategy: committing(), lockTimeoutMs: 60 })
    const { id } = await ops.start(REQUEST)
    await putTorn(ops, id, 0)
    expect(await kit.codeOf(ops.complete(id, DONE))).toBe('CLOSE_IN_PROGRESS')
  })

  it('of a record with any bytes is read as it was written', async () => {
    const ops = await kit.openStore()
    const bytes = randomBytes(5000)
    const { id } = await leaveBehind(ops, 1, { bytes, result: NOT_NOW })
    expect(await kit.intentOf(ops, id)).toMatchObject({ bytes, result: NOT_NOW })
    expect(await readdir(join(await kit.stateOf(ops), 'pending'))).toEqual([id])
  })

  it('that was left as a draft is removed once its writer must be dead', async () => {
    const ops = await kit.openStore()
    await ops.start(REQUEST)
    for (const [name, age] of [
      ['.old', 61_000],
      ['.new', 0],
    ] as const) {
      await putTorn(ops, name, age)
    }
    await (await kit.openIn(ops.root)).start(REQUEST)
    expect(await kit.pendingNames(ops)).toEqual(['.new'])
  })
})
