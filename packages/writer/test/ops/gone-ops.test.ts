import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId, type OpId } from '@kitty/record'
import { closedRecordText, newRepository, openRecordText, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { commitLock } from '../../src/commit/commit-lock.js'
import { evidencePaths } from '../../src/content/evidence-paths.js'
import { selfOwner } from '../../src/lock/owner.js'
import type { Ops } from '../../src/ops/ops.js'
import type { CommitStrategy } from '../../src/ports/commit-strategy.js'
import { evidenceFolder, recordPath } from '../../src/project/paths.js'
import { intentPath, listIntents, readIntent } from '../../src/state/intent-store.js'
import { startNotePath } from '../../src/state/start-notes.js'
import { leaveBehind } from '../support/left-behind.js'
import { keptText, refStrategy } from '../support/ref-strategy.js'
import { codeOf, DONE, openIn, REQUEST, stateOf } from '../support/store.js'
import { committing, NOT_NOW } from '../support/strategies.js'

/** A strategy with two homes: HEAD, and a real ref. */
const composed = (): CommitStrategy => ({ ...committing(), ledger: refStrategy() })

/** A ledger that defers everything until its gate is opened. */
const gated = () => {
  const gate = { open: false }
  const real = refStrategy()
  const strategy: CommitStrategy = {
    ...real,
    commit: async (root, requests) =>
      gate.open ? real.commit(root, requests) : requests.map(() => NOT_NOW),
  }
  return { gate, strategy }
}

/** A repository, and the state that Ops of a removed work tree left in it. */
const afterRemoval = async (leave: (there: Ops, state: string) => Promise<unknown>) => {
  const { path, git, statusPorcelain } = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await git('worktree', 'add', '--quiet', '--detach', linked)
  const there = await openIn(linked, { strategy: committing() })
  const state = await stateOf(there)
  await leave(there, state)
  await git('worktree', 'remove', '--force', linked)
  return { path, state, statusPorcelain }
}

/** The same with one open Op. */
const withOpenOp = async () => {
  let id: OpId = newOpId()
  let line = ''
  const left = await afterRemoval(async (there) => {
    id = (await there.start(REQUEST)).id
    line = (await there.startNote(id))?.line ?? ''
  })
  return { ...left, id, line }
}

/** The same with one Op that was closed and not committed. */
const withPendingOp = async (more: Parameters<typeof leaveBehind>[2] = {}) => {
  let [id, closed]: [OpId, string] = [newOpId(), '']
  const left = await afterRemoval(async (there) => {
    const behind = await leaveBehind(there, 1, more)
    id = behind.id
    closed = behind.closed
  })
  return { ...left, id, closed }
}

const committed = { status: 'committed', sha: expect.stringMatching(/^[0-9a-f]{40}$/) }

describe('pending Ops of a work tree that is gone', () => {
  it.each([
    ['the second home of a strategy', composed],
    ['a strategy of its own', refStrategy],
  ])('are added to the ledger if it is %s', async (_, strategy) => {
    const { path, state, id, closed, statusPorcelain } = await withPendingOp()
    const ops = await openIn(path, { strategy: strategy() })
    expect(await ops.commitGone()).toEqual(new Map([[id, committed]]))
    expect(`${await keptText(path, recordPath(id))}\n`).toBe(closed)
    expect(await listIntents(state)).toEqual([])
    expect(await ops.commitGone()).toEqual(new Map())
    expect(await statusPorcelain()).toEqual([])
  })

  it('stay pending without a ledger', async () => {
    const { path, state, id } = await withPendingOp()
    const ops = await openIn(path, { strategy: committing() })
    expect(await ops.commitGone()).toEqual(new Map())
    expect(await listIntents(state)).toEqual([id])
  })

  it('stay pending with the reason while the ledger cannot take them', async () => {
    const { path, state, id, closed } = await withPendingOp()
    const { gate, strategy } = gated()
    const ops = await openIn(path, { strategy })
    expect(await ops.commitGone()).toEqual(new Map([[id, NOT_NOW]]))
    const intent = await readIntent(state, id)
    expect(intent?.result).toEqual(NOT_NOW)
    expect(intent?.owner).toBeUndefined()
    expect(intent?.bytes.toString()).toBe(closed)
    gate.open = true
    expect(await ops.commitGone()).toEqual(new Map([[id, committed]]))
  })

  it('stay pending if another process holds the commit lock of their work tree', async () => {
    const { path, state, id } = await withPendingOp()
    const ops = await openIn(path, { strategy: refStrategy(), lockTimeoutMs: 50 })
    const lock = commitLock(() => join(state, '..'), 1000)
    const result = await lock.withLock(() => ops.commitGone())
    expect(result.get(id)).toMatchObject({ status: 'deferred', reason: 'lock-timeout' })
    expect(await listIntents(state)).toEqual([id])
  })

  it('are left to a living process that closes them', async () => {
    const { path, state, id } = await withPendingOp({ owner: selfOwner() })
    const ops = await openIn(path, { strategy: refStrategy() })
    expect(await ops.commitGone()).toEqual(new Map())
    expect(await codeOf(ops.complete(id, DONE))).toBe('CLOSE_IN_PROGRESS')
    expect((await readIntent(state, id))?.owner).toBe(selfOwner())
  })

  it('are not held up by what cannot be read or is not closed', async () => {
    const [folder, open] = [newOpId(), newOpId()]
    let whole: OpId = newOpId()
    const { path, state } = await afterRemoval(async (there, dir) => {
      whole = (await leaveBehind(there, 1)).id
      await leaveBehind(there, 1, { id: open, bytes: Buffer.from(openRecordText({ id: open })) })
      await mkdir(join(dir, intentPath(folder)))
    })
    const ops = await openIn(path, { strategy: refStrategy() })
    expect(await ops.commitGone()).toEqual(new Map([[whole, committed]]))
    expect(await listIntents(state)).toEqual([folder, open].toSorted())
    expect(await keptText(path, recordPath(open))).toBeUndefined()
  })

  it('keep their evidence if it is here too', async () => {
    const id = newOpId()
    const closed = closedRecordText({ id })
    const [here, lost] = [`${evidenceFolder(id)}/here.md`, `${evidenceFolder(id)}/lost.md`]
    const { path } = await afterRemoval((there) =>
      leaveBehind(there, 1, { id, bytes: Buffer.from(closed), evidence: [here, lost] }),
    )
    await mkdir(join(path, here, '..'), { recursive: true })
    await writeFile(join(path, here), 'What was found.\n')
    const ops = await openIn(path, { strategy: refStrategy() })
    expect(await ops.commitGone()).toEqual(new Map([[id, committed]]))
    expect(await keptText(path, here)).toBe('What was found.')
    expect(await keptText(path, lost)).toBeUndefined()
  })
})

describe('completing a pending Op of a work tree that is gone', () => {
  it('commits it and reports what it was closed with', async () => {
    const { path, state, id } = await withPendingOp()
    const ops = await openIn(path, { strategy: composed() })
    const again = await ops.complete(id, DONE)
    expect(again).toMatchObject({ id, path: recordPath(id), already: true, commit: committed })
    expect(again.record.completed.outcome).toBe('done')
    expect(await listIntents(state)).toEqual([])
  })

  it('is refused with another outcome, and commits it all the same', async () => {
    const { path, id, closed } = await withPendingOp()
    const ops = await openIn(path, { strategy: composed() })
    await expect(ops.complete(id, { outcome: 'failed' })).rejects.toMatchObject({
      code: 'ALREADY_CLOSED',
      commit: committed,
    })
    expect(`${await keptText(path, recordPath(id))}\n`).toBe(closed)
  })

  it('is refused if its record is damaged, and its intent stays', async () => {
    const id = newOpId()
    const bytes = Buffer.from(openRecordText({ id }))
    const { path, state } = await withPendingOp({ id, bytes })
    const ops = await openIn(path, { strategy: composed() })
    expect(await codeOf(ops.complete(id, DONE))).toBe('RECORD_DAMAGED')
    expect((await readIntent(state, id))?.bytes).toEqual(bytes)
  })

  it('is deferred if another process holds the commit lock', async () => {
    const { path, state, id } = await withPendingOp()
    const ops = await openIn(path, { strategy: refStrategy(), lockTimeoutMs: 50 })
    const lock = commitLock(() => join(state, '..'), 1000)
    const { already, commit } = await lock.withLock(() => ops.complete(id, DONE))
    expect([already, commit]).toMatchObject([true, { reason: 'lock-timeout' }])
    expect(await listIntents(state)).toEqual([id])
  })
})

describe('completing an open Op of a work tree that is gone', () => {
  it('closes it in the ledger, and writes no record here', async () => {
    const { path, id, line, state, statusPorcelain } = await withOpenOp()
    const ops = await openIn(path, { strategy: composed() })
    const closed = await ops.complete(id, { outcome: 'failed' })
    expect(closed).toMatchObject({ id, path: recordPath(id), already: false, commit: committed })
    expect(closed.notes).toEqual([expect.stringContaining('in the ledger')])
    const kept = (await keptText(path, recordPath(id))) ?? ''
    expect(kept.startsWith(line)).toBe(true)
    expect(JSON.parse(kept.slice(line.length))).toMatchObject({ outcome: 'failed' })
    expect(await readdir(path)).not.toContain('kitty-ops')
    expect(await statusPorcelain()).toEqual([])
    expect(await listIntents(state)).toEqual([])
    expect(await readdir(join(state, 'started'))).toEqual([])
    expect(await codeOf(ops.complete(id, DONE))).toBe('OP_NOT_FOUND')
  })

  it('stays closed and pending if another process holds the commit lock, and is committed later', async () => {
    const { path, state, id } = await withOpenOp()
    const ops = await openIn(path, { strategy: composed(), lockTimeoutMs: 50 })
    const lock = commitLock(() => join(state, '..'), 1000)
    const { commit } = await lock.withLock(() => ops.complete(id, DONE))
    expect(commit).toMatchObject({ status: 'deferred', reason: 'lock-timeout' })
    expect((await readIntent(state, id))?.owner).toBeUndefined()
    expect(await ops.commitGone()).toEqual(new Map([[id, committed]]))
  })

  it('keeps its evidence, and replaces secrets in the reason', async () => {
    const { path, id } = await withOpenOp()
    await writeFile(join(path, 'report.md'), 'What was found.\n')
    const ops = await openIn(path, { strategy: composed() })
    const closed = await ops.complete(id, {
      outcome: 'failed',
      evidence: 'report.md',
      reason: 'The token ghp_0123456789abcdefghijABCDEFGHIJ012345 had expired.',
    })
    expect(closed.commit).toEqual(committed)
    expect(closed.notes).toHaveLength(2)
    expect(closed.notes[1]).toContain('A secret in the reason was replaced')
    expect(await keptText(path, recordPath(id))).not.toContain('ghp_')
    const [evidence = ''] = evidencePaths(id, closed.record)
    expect(await keptText(path, evidence)).toBe('What was found.')
  })

  it('stays closed and pending if the ledger cannot take it, and is committed later', async () => {
    const { path, state, id } = await withOpenOp()
    const { gate, strategy } = gated()
    const ops = await openIn(path, { strategy })
    expect((await ops.complete(id, DONE)).commit).toEqual(NOT_NOW)
    expect(await listIntents(state)).toEqual([id])
    expect(await ops.complete(id, DONE)).toMatchObject({ already: true, commit: NOT_NOW })
    expect(await codeOf(ops.complete(id, { outcome: 'failed' }))).toBe('ALREADY_CLOSED')
    gate.open = true
    expect(await ops.complete(id, DONE)).toMatchObject({ already: true, commit: committed })
    expect(await listIntents(state)).toEqual([])
    expect(await keptText(path, recordPath(id))).toContain('"done"')
  })

  it('is refused while another process writes its intent, and it stays open', async () => {
    const { path, state, id } = await withOpenOp()
    await mkdir(join(state, 'pending'), { recursive: true })
    await writeFile(join(state, intentPath(id)), '{"owner"')
    const ops = await openIn(path, { strategy: composed() })
    expect(await codeOf(ops.complete(id, DONE))).toBe('CLOSE_IN_PROGRESS')
    expect(await keptText(path, recordPath(id))).toBeUndefined()
    expect(await readdir(join(state, 'started'))).toHaveLength(1)
  })

  it.each([
    ['has no start', () => '{"event":"something"}\n'],
    ['has too many problems', (line: string) => `${line}${'x\n'.repeat(1000)}`],
    ['has too many problems once it is closed', (line: string) => `${line}${'x\n'.repeat(999)}x`],
  ])('is refused if its record %s, and nothing is written', async (_, damage) => {
    const { path, state, id, line } = await withOpenOp()
    await writeFile(join(state, startNotePath(id)), JSON.stringify({ line: damage(line) }))
    const ops = await openIn(path, { strategy: composed() })
    expect(await codeOf(ops.complete(id, DONE))).toBe('RECORD_DAMAGED')
    expect(await listIntents(state)).toEqual([])
    expect(await keptText(path, recordPath(id))).toBeUndefined()
  })

  it('is not found without a ledger, and the Op stays open', async () => {
    const { path, state, id } = await withOpenOp()
    const ops = await openIn(path, { strategy: committing() })
    expect(await codeOf(ops.complete(id, DONE))).toBe('OP_NOT_FOUND')
    expect(await listIntents(state)).toEqual([])
    expect(await readdir(join(state, 'started'))).toHaveLength(1)
  })

  it('is not found if no work tree knows the Op', async () => {
    const { path } = await withOpenOp()
    const ops = await openIn(path, { strategy: composed() })
    expect(await codeOf(ops.complete(newOpId(), DONE))).toBe('OP_NOT_FOUND')
  })
})
