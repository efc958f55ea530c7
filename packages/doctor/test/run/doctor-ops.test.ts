import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { parseOpId } from '@kitty/record'
import { tempFolder } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import {
  applyFixes,
  CHECKS,
  type Check,
  doctorOps,
  findingsInRecords,
  runChecks,
} from '../../src/index.js'
import { closedOp, newStore, pendingOps, request, storeAt } from '../support/store.js'

describe('the doctor', () => {
  it('finds nothing where there is nothing', async () => {
    const { ops } = await newStore()
    expect(await doctorOps({ ops, fix: true, closeStale: true })).toEqual({
      healthy: true,
      open_ops: [],
      findings: [],
      swept: 0,
      skipped_fresh: 0,
      skipped_running: 0,
      threshold_hours: 24,
      fixed: [],
    })
  })

  it('changes nothing unless it is asked to', async () => {
    const store = await newStore()
    await pendingOps(store, 2)
    await store.ops.start(request)
    const before = await store.repository.stagedState()
    const [head, intents] = [await store.repository.head(), await store.ops.pending()]
    await doctorOps({ ops: store.ops, thresholdHours: 0 })
    await doctorOps({
      ops: store.ops,
      thresholdHours: 0,
      closeStale: true,
      fix: true,
      dryRun: true,
    })
    expect(await store.repository.stagedState()).toEqual(before)
    expect(await store.repository.head()).toBe(head)
    expect(await store.ops.pending()).toEqual(intents)
  })

  it('reports the worst first', async () => {
    const store = await newStore()
    const { path } = await closedOp(store.ops)
    await pendingOps(store, 1)
    await store.ops.start(request)
    await store.repository.write(path, `${await store.repository.read(path)}rubbish\n`)
    const { findings } = await doctorOps({ ops: store.ops })
    expect(findings.map(({ id, severity }) => `${severity} ${id}`)).toEqual([
      'error changed-after-close',
      'warning uncommitted',
      'info unreadable-record',
      'info open-op',
    ])
  })

  it('runs only the named checks', async () => {
    const store = await newStore()
    await pendingOps(store, 1)
    await store.ops.start(request)
    const { findings } = await doctorOps({ ops: store.ops, checks: ['uncommitted'] })
    expect(findings.map(({ id }) => id)).toEqual(['uncommitted'])
  })

  it('refuses an unknown check, and lists the checks', async () => {
    const { ops } = await newStore()
    const ids = CHECKS.map(({ id }) => id).join(', ')
    await expect(doctorOps({ ops, checks: ['open-op', 'flux'] })).rejects.toMatchObject({
      code: 'UNKNOWN_CHECK',
      message: expect.stringContaining('"flux"'),
      hint: expect.stringContaining(ids),
    })
  })

  it('runs a check of the caller', async () => {
    const { ops } = await newStore()
    const op = await ops.start(request)
    const nameless: Check = {
      id: 'claude-was-here',
      run: (context) =>
        findingsInRecords(context, (found) =>
          'record' in found && found.record.started?.actor === 'claude'
            ? {
                id: nameless.id,
                severity: 'info',
                path: found.path,
                message: 'So',
                fixable: false,
                next: [],
              }
            : undefined,
        ),
    }
    const at = { ops, now: Date.now(), thresholdHours: 24 }
    expect((await runChecks(at, [...CHECKS, nameless])).map(({ id, path }) => [id, path])).toEqual([
      ['open-op', op.path],
      ['claude-was-here', op.path],
    ])
  })

  it.each([-1, Number.NaN])('refuses a threshold of %s hours', async (thresholdHours) => {
    const { ops } = await newStore()
    const code = 'THRESHOLD_INVALID'
    await expect(doctorOps({ ops, thresholdHours })).rejects.toMatchObject({ code })
  })

  it('says which checks failed, and runs the others', async () => {
    const { repository, ops } = await newStore()
    const op = await ops.start(request)
    await closedOp(ops)
    const tree = await repository.git('rev-parse', 'HEAD^{tree}')
    await rm(join(repository.path, '.git', 'objects', tree.slice(0, 2), tree.slice(2)))
    const { healthy, findings } = await doctorOps({ ops })
    expect(healthy).toBe(false)
    expect(findings).toMatchObject([
      { id: 'missing-record', severity: 'error' },
      { id: 'open-op', invocation_id: op.invocation_id },
    ])
    expect(findings[0]?.message).toMatch(/^The check failed: git could not list/)
    expect(findings[0]?.message).toMatch(
      /The same error stopped .*changed-after-close, .*uncommitted/,
    )
  })

  it.skipIf(process.platform === 'win32')('cannot read a folder that is a link', async () => {
    const { repository, ops } = await newStore()
    await symlink(await tempFolder(), join(repository.path, 'kitty-ops'))
    await expect(doctorOps({ ops })).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
  })
})

describe('fixing', () => {
  it('goes on when something cannot be fixed', async () => {
    const { repository } = await newStore()
    const ops = await storeAt(repository.path)
    const at = { ops, now: Date.now(), thresholdHours: 24 }
    const gone: Ops['commitClosed'] = () => Promise.reject(new Error('No such Op'))
    const finding = {
      id: 'uncommitted',
      severity: 'warning',
      message: '',
      fixable: true,
      next: [],
    } as const
    const fixed = await applyFixes(
      [{ ...finding, invocation_id: parseOpId('01KTK4DFAS04MCX5GP1W2R6NEP') }],
      {
        ...at,
        ops: { ...ops, commitClosed: gone },
      },
    )
    expect(fixed).toEqual([
      {
        id: 'uncommitted',
        invocation_id: parseOpId('01KTK4DFAS04MCX5GP1W2R6NEP'),
        done: false,
        message: 'Not fixed: Error: No such Op.',
      },
    ])
  })

  it('leaves what is not fixable', async () => {
    const { ops } = await newStore()
    const at = { ops, now: Date.now(), thresholdHours: 24 }
    const finding = { severity: 'warning', message: '', next: [] } as const
    const findings = [
      { ...finding, id: 'uncommitted', fixable: false },
      { ...finding, id: 'open-op', fixable: true },
    ]
    expect(await applyFixes(findings, at)).toEqual([])
  })
})
