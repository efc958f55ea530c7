import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noCommit } from '@kitty/git-commit'
import { newOpId } from '@kitty/record'
import { openRecordText } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { recordPath, stateDirOf } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { type DoctorReport, doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { beginRebase, newStore, request, storeAt } from '../support/store.js'

const HOUR = 3_600_000

const later = (hours: number) => (): Date => new Date(Date.now() + hours * HOUR)

const messageOf = ({ findings }: DoctorReport): string => findings[0]?.message ?? ''

const look = (ops: Ops, hours = 0): Promise<DoctorReport> =>
  doctorOps({ ops, checks: ['open-op', 'stale-op'], clock: later(hours) })

describe('an open Op', () => {
  it('is worth a word that says how to close it, and the store is healthy', async () => {
    const { ops } = await newStore()
    const op = await ops.start(request)
    const report = await look(ops, 0.7)
    expect(report).toMatchObject({
      healthy: true,
      open_ops: [
        {
          invocation_id: op.invocation_id,
          profile_id: 'debugger-debbie',
          started_at: op.event.started_at,
          age_hours: 0.7,
          action_taken: 'none',
        },
      ],
      findings: [
        {
          id: 'open-op',
          severity: 'info',
          invocation_id: op.invocation_id,
          path: op.path,
          fixable: false,
        },
      ],
      swept: 0,
      skipped_fresh: 0,
      threshold_hours: 24,
      fixed: [],
    })
    expect(messageOf(report)).toContain('op(debugger-debbie): investigate')
    expect(messageOf(report)).toContain('has been open for 42 minutes')
    expect(report.findings[0]?.next).toEqual([{ verb: 'close', id: op.invocation_id }])
    await ops.complete(op.invocation_id, { outcome: 'failed' })
    await expectHealthy(ops)
  })

  it.each([
    [1, '1 hour.'],
    [30, '30 hours.'],
    [71, '2 days.'],
  ])('of %s hours is said to be open for %s', async (hours, words) => {
    const { ops } = await newStore()
    await ops.start(request)
    expect(messageOf(await look(ops, hours))).toContain(`has been open for ${words}`)
  })

  it('is stale once it is older than the threshold', async () => {
    const { ops } = await newStore()
    const { invocation_id: id } = await ops.start(request)
    expect((await look(ops, 23.9)).findings).toMatchObject([{ id: 'open-op' }])
    const old = await look(ops, 24.1)
    expect(old).toMatchObject({ healthy: false, findings: [{ severity: 'warning' }] })
    expect(old.findings).toMatchObject([{ id: 'stale-op', next: [{ verb: 'abandon', id }] }])
    expect((await look(ops, -5)).open_ops[0]?.age_hours).toBe(0)
  })

  it('with an unreadable start time counts as stale', async () => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    await repository.write(recordPath(id), openRecordText({ id, started: { started_at: 'noon' } }))
    const report = await look(ops)
    expect(report.open_ops).toMatchObject([{ started_at: 'noon', age_hours: null }])
    expect(messageOf(report)).toContain('cannot be read ("noon"), so it counts as stale')
    expect(await doctorOps({ ops, closeStale: true })).toMatchObject({ healthy: true, swept: 1 })
    await expectHealthy(ops)
  })

  it('is named in one line, whatever its record holds', async () => {
    const { repository, ops } = await newStore()
    const id = newOpId()
    const started = { profile_id: 'a\u001b[31m\nb', action: 'x'.repeat(200) }
    await repository.write(recordPath(id), openRecordText({ id, started }))
    const message = messageOf(await look(ops))
    expect(message).toMatch(/^op\(a \[31m b\): x{60}… \[/)
  })

  it('that has only a start note is found, and closed', async () => {
    const { repository, ops } = await newStore()
    const op = await ops.start(request)
    await repository.git('clean', '--quiet', '-fdx')
    const report = await look(ops)
    expect(report.findings[0]).not.toHaveProperty('path')
    expect(messageOf(report)).toContain('gone from disk')
    const swept = await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
    expect(swept).toMatchObject({ healthy: true, swept: 1 })
    expect(await repository.git('show', `HEAD:${op.path}`)).toContain('"doctor_sweep"')
    await expectHealthy(ops)
  })

  it('that came back closed by git is not open any more', async () => {
    const { repository, ops } = await newStore()
    const op = await ops.start(request)
    const line = await readFile(join(repository.path, op.path), 'utf8')
    const other = await storeAt(repository.path, { strategy: noCommit() })
    await other.complete(op.invocation_id, { outcome: 'done' })
    const note = join(
      (await stateDirOf(repository.path)).dir,
      'started',
      `${op.invocation_id}.json`,
    )
    const remembered = await readFile(note)
    await repository.commit('By hand')
    await ops.flush({ allStrategies: true })
    await writeFile(note, remembered)
    await rm(join(repository.path, op.path))
    expect(await look(ops)).toMatchObject({ healthy: true, open_ops: [] })
    await repository.write(op.path, line)
    await repository.commit('Open again')
    await rm(join(repository.path, op.path))
    expect((await look(ops)).open_ops).toHaveLength(1)
  })

  it('stays open where git cannot say whether it came back closed', async () => {
    const { repository, ops } = await newStore()
    const op = await ops.start(request)
    await rm(join(repository.path, op.path))
    const tree = await repository.git('rev-parse', 'HEAD^{tree}')
    await rm(join(repository.path, '.git', 'objects', tree.slice(0, 2), tree.slice(2)))
    expect((await look(ops)).open_ops).toMatchObject([{ invocation_id: op.invocation_id }])
  })

  it('of which only garbage is noted is not found', async () => {
    const { repository, ops } = await newStore()
    const folder = join((await stateDirOf(repository.path)).dir, 'started')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${newOpId()}.json`), '{"line":')
    await writeFile(join(folder, `${newOpId()}.json`), '{"line":"rubbish"}')
    expect(await look(ops)).toMatchObject({ healthy: true, open_ops: [] })
  })

  it('is not reported while its close waits to be finished', async () => {
    const { repository, ops } = await newStore()
    await beginRebase(repository)
    const op = await ops.start(request)
    const line = await repository.read(op.path)
    await ops.complete(op.invocation_id, { outcome: 'done' })
    await repository.write(op.path, line)
    const report = await look(ops)
    expect(report.findings).toEqual([])
    expect(report.open_ops).toHaveLength(1)
    await repository.git('rebase', '--abort')
    const swept = await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
    expect(swept.findings).toEqual([])
    expect(swept).toMatchObject({ healthy: true, swept: 0 })
    expect(swept.open_ops).toMatchObject([{ action_taken: 'already_closed' }])
    await expectHealthy(ops)
  })
})

/** The id of a process that has ended. */
const deadProcess = async (): Promise<string> => {
  const child = spawn(process.execPath, ['--version'])
  await once(child, 'exit')
  return String(child.pid)
}

describe('the process that opened an Op', () => {
  it('is said to be running', async () => {
    const { ops } = await newStore()
    await ops.start(request)
    expect(messageOf(await look(ops))).toContain(
      `The process that opened it, ${process.pid}, is still running.`,
    )
    // The age decides all the same.
    expect(await doctorOps({ ops, closeStale: true, clock: later(25) })).toMatchObject({ swept: 1 })
  })

  it('is said to have ended', async () => {
    const { repository, ops } = await newStore()
    const { invocation_id: id } = await ops.start(request)
    const note = join((await stateDirOf(repository.path)).dir, 'started', `${id}.json`)
    const text = await readFile(note, 'utf8')
    await writeFile(
      note,
      text.replace(`"opener":"${process.pid}`, `"opener":"${await deadProcess()}`),
    )
    const report = await look(ops)
    expect(messageOf(report)).toContain('The process that opened it has ended.')
    const outcomes = ['failed', 'abandoned']
    expect(report.findings[0]?.next).toEqual([{ verb: 'close', id, outcomes }])
  })

  it('is not mentioned where it cannot be judged', async () => {
    const { repository, ops } = await newStore()
    const { invocation_id: id } = await ops.start(request)
    const note = join((await stateDirOf(repository.path)).dir, 'started', `${id}.json`)
    await writeFile(
      note,
      (await readFile(note, 'utf8')).replace(/(?<="opener":"\d+-\w+-)\w+/, 'elsewhere'),
    )
    expect(messageOf(await look(ops))).not.toContain('process')
  })

  it('is not mentioned if it opened the Op for another program', async () => {
    const { repository } = await newStore()
    const ops = await storeAt(repository.path, { trackOpener: false })
    await ops.start(request)
    expect(messageOf(await look(ops))).not.toContain('process')
  })
})

describe('the session that opened an Op', () => {
  it.each([
    [{ at: '2026-11-23T10:00:00Z' }, /session that opened it ended without closing it/],
    [
      { at: '2026-11-23T10:00:00Z', reason: 'log\nout' },
      /session that opened it ended \(log out\)/,
    ],
  ])('is mentioned once it has ended: %j', async (left, words) => {
    const { ops } = await newStore()
    const { invocation_id: id } = await ops.start(request)
    expect(messageOf(await look(ops))).not.toContain('session')
    expect(await ops.markLeft(id, left)).toBe(true)
    expect(messageOf(await look(ops))).toMatch(words)
    await ops.markLeft(id, undefined)
    expect(messageOf(await look(ops))).not.toContain('session')
  })
})
