import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isKittyError, newOpId, type OpId } from '@kitty/record'
import { openRecordText, tempFolder } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { newStore, request, type Store, storeAt } from '../support/store.js'

const HOUR = 3_600_000

const putOpen = async ({ repository }: Store, hours: number): Promise<OpId> => {
  const id = newOpId(Math.floor(Date.now() - hours * HOUR))
  await repository.write(recordPath(id), openRecordText({ id }))
  return id
}

describe('a sweep', () => {
  it('closes what is stale and leaves what is fresh', async () => {
    const store = await newStore()
    const stale = [await putOpen(store, 80), await putOpen(store, 50), await putOpen(store, 25)]
    const fresh = await putOpen(store, 2)
    const report = await doctorOps({ ops: store.ops, closeStale: true })
    expect(report).toMatchObject({
      healthy: true,
      swept: 3,
      skipped_fresh: 1,
      threshold_hours: 24,
    })
    expect(
      report.open_ops.map(({ invocation_id, action_taken }) => [invocation_id, action_taken]),
    ).toEqual([...stale.map((id) => [id, 'closed_abandoned']), [fresh, 'none']])
    expect(report.findings).toMatchObject([
      { id: 'open-op', severity: 'info', invocation_id: fresh },
    ])
    for (const id of stale) {
      expect((await store.ops.read(id)).record.completed).toMatchObject({
        outcome: 'abandoned',
        closed_by: 'doctor_sweep',
      })
      expect(await store.repository.log('%(trailers:key=Op-Id,valueonly,separator=)')).toContain(id)
    }
    await store.ops.complete(fresh, { outcome: 'done' })
    await expectHealthy(store.ops)
  })

  it('with the threshold 0 closes all', async () => {
    const store = await newStore()
    await putOpen(store, 2)
    await store.ops.start(request)
    const report = await doctorOps({ ops: store.ops, closeStale: true, thresholdHours: 0 })
    expect(report).toMatchObject({ healthy: true, swept: 2, skipped_fresh: 0, findings: [] })
    await expectHealthy(store.ops)
  })

  it('leaves an Op alone under which a command still runs on this machine, however old it is', async () => {
    const { repository, ops } = await newStore()
    const running = await storeAt(repository.path, { runsCommand: true })
    const { id } = await running.start(request)
    const report = await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
    expect(report).toMatchObject({ swept: 0, skipped_fresh: 0, skipped_running: 1 })
    expect(report.open_ops).toMatchObject([{ invocation_id: id, action_taken: 'none' }])
    await ops.complete(id, { outcome: 'done' })
    await expectHealthy(ops)
  })

  it('leaves an Op alone whose function runs, which closes it with its own outcome', async () => {
    const { ops } = await newStore()
    const { value, completion } = await ops.run(request, () =>
      doctorOps({ ops, closeStale: true, thresholdHours: 0 }),
    )
    expect(value).toMatchObject({ swept: 0, skipped_running: 1 })
    expect((await ops.read(completion.id)).record.completed).toMatchObject({ outcome: 'done' })
  })

  it('with the threshold 0 closes also what was opened in this very millisecond, or later', async () => {
    const { repository } = await newStore()
    const moment = new Date('2026-11-27T12:00:00.000Z')
    const ops = await storeAt(repository.path, { clock: () => moment })
    await ops.start(request)
    const look = { ops, thresholdHours: 0, clock: () => moment }
    expect(await doctorOps(look)).toMatchObject({ findings: [{ id: 'stale-op' }] })
    const report = await doctorOps({ ...look, closeStale: true })
    expect(report).toMatchObject({ healthy: true, swept: 1, skipped_fresh: 0, findings: [] })
    await ops.start(request)
    const earlier = () => new Date(moment.getTime() - HOUR)
    expect(await doctorOps({ ...look, closeStale: true, clock: earlier })).toMatchObject({
      swept: 1,
    })
  })

  it('closes what is exactly as old as the threshold, and leaves what is a millisecond younger', async () => {
    const { repository } = await newStore()
    const opened = new Date('2026-11-27T12:00:00.000Z')
    const ops = await storeAt(repository.path, { clock: () => opened })
    await ops.start(request)
    const after = (ms: number) => () => new Date(opened.getTime() + ms)
    const look = { ops, closeStale: true, thresholdHours: 2 }
    expect(await doctorOps({ ...look, clock: after(2 * HOUR - 1) })).toMatchObject({ swept: 0 })
    expect(await doctorOps({ ...look, clock: after(2 * HOUR) })).toMatchObject({ swept: 1 })
  })

  it('only says what it would do in a dry run', async () => {
    const store = await newStore()
    const id = await putOpen(store, 30)
    const report = await doctorOps({ ops: store.ops, closeStale: true, dryRun: true })
    expect(report).toMatchObject({
      swept: 0,
      open_ops: [{ action_taken: 'none' }],
      fixed: [{ id: 'stale-op', invocation_id: id, done: false }],
    })
    expect(report.fixed[0]?.message).toMatch(/^Would close op\(debugger-debbie\): investigate/)
    expect((await store.ops.read(id)).record.status).toBe('open')
  })

  it('is not stopped by one bad file, and reports it', async () => {
    const store = await newStore()
    const id = await putOpen(store, 60)
    const torn = newOpId()
    await store.repository.write(recordPath(torn), '{"event":"started","invo')
    const folder = newOpId()
    await mkdir(join(store.repository.path, recordPath(folder)))
    const report = await doctorOps({ ops: store.ops, closeStale: true })
    expect(report).toMatchObject({ swept: 1, open_ops: [{ invocation_id: id }] })
    expect(report.findings.map(({ path }) => path).sort()).toEqual(
      [recordPath(torn), recordPath(folder)].sort(),
    )
  })

  it('says of each Op that could not be closed why, once', async () => {
    const store = await newStore()
    const [bad, good] = [await putOpen(store, 60), await putOpen(store, 50)]
    const ops: Ops = {
      ...store.ops,
      complete: (id, closing) =>
        id === bad
          ? Promise.reject(new Error('The disk is on fire'))
          : store.ops.complete(id, closing),
    }
    const report = await doctorOps({ ops, closeStale: true })
    expect(report).toMatchObject({
      healthy: false,
      swept: 1,
      open_ops: [
        { invocation_id: bad, action_taken: 'none' },
        { invocation_id: good, action_taken: 'closed_abandoned' },
      ],
    })
    expect(report.findings).toMatchObject([
      {
        id: 'stale-op',
        severity: 'error',
        invocation_id: bad,
        path: recordPath(bad),
        message: expect.stringContaining('The disk is on fire'),
      },
    ])
  })

  it('finds some closed by another sweep, and each is closed once', async () => {
    const store = await newStore()
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => putOpen(store, 30 + n)))
    const rival = await storeAt(store.repository.path)
    const reports = await Promise.all(
      [store.ops, rival].map((ops) => doctorOps({ ops, closeStale: true })),
    )
    const actions = reports.flatMap(({ open_ops }) => open_ops.map((op) => op.action_taken))
    const swept = reports.reduce((sum, report) => sum + report.swept, 0)
    expect(swept).toBe(ids.length)
    expect(actions.filter((action) => action === 'closed_abandoned')).toHaveLength(ids.length)
    expect(actions).not.toContain('none')
    for (const id of ids) expect((await store.ops.read(id)).record.problems).toEqual([])
    await expectHealthy(store.ops)
  })

  it('recognizes a close by another process with a store of another copy of the packages', async () => {
    const { ops, repository } = await newStore()
    const { id: invocation_id } = await ops.start(request)
    const rival = await storeAt(repository.path)
    const complete: Ops['complete'] = async (id, closing) => {
      await rival.complete(id, { outcome: 'done' })
      return ops.complete(id, closing).catch((error: unknown) => {
        if (!isKittyError(error)) throw error
        const { name, message, code, hint, about, toJSON } = error
        throw Object.assign(new Error(message), { name, code, hint, about, toJSON })
      })
    }
    const store = { ...ops, complete }
    const report = await doctorOps({ ops: store, closeStale: true, thresholdHours: 0 })
    expect(report).toMatchObject({
      healthy: true,
      open_ops: [{ invocation_id, action_taken: 'already_closed' }],
    })
  })

  it('works without git', async () => {
    const ops = await storeAt(await tempFolder())
    await ops.start(request)
    const report = await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
    expect(report).toMatchObject({ swept: 1, healthy: true })
    await expectHealthy(ops)
  })
})
