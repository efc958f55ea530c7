import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import type { Ops } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { type Check, doctorOps, type Finding } from '../../src/index.js'
import { CHECKS } from '../../src/internals.js'
import { closedOp, newStore, pendingOps, request } from '../support/store.js'

const FINDING: Finding = {
  id: 'fixable',
  severity: 'warning',
  message: 'Something can be fixed.',
  fixable: true,
  next: [],
}

const fixableCheck: Check = {
  id: FINDING.id,
  run: async () => [FINDING],
  fix: {
    plan: () => 'Would fix it.',
    apply: async () => ({ done: true, message: 'Fixed.' }),
  },
}

describe('the doctor', () => {
  it('finds nothing where there is nothing', async () => {
    const { ops } = await newStore()
    expect(await doctorOps({ ops, fix: true, closeStale: true })).toEqual({
      healthy: true,
      open_ops: [],
      findings: [],
      unchecked: [],
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
      { id: 'open-op', invocation_id: op.id },
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
    const store = await newStore()
    const [op] = await pendingOps(store, 1)
    const flush: Ops['flush'] = () => Promise.reject(new Error('No such Op'))
    const ops = { ...store.ops, flush }
    const extraChecks = [fixableCheck]
    expect((await doctorOps({ ops, extraChecks, fix: true })).fixed).toEqual([
      {
        id: 'uncommitted',
        invocation_id: op?.id,
        done: false,
        message: 'Not fixed: Error: No such Op.',
      },
      { id: 'fixable', done: true, message: 'Fixed.' },
    ])
  })

  it('leaves what is not fixable', async () => {
    const { ops } = await newStore()
    const unfixable = { ...fixableCheck, run: async () => [{ ...FINDING, fixable: false }] }
    const withoutFix = { id: 'without-fix', run: async () => [{ ...FINDING, id: 'without-fix' }] }
    const extraChecks = [unfixable, withoutFix]
    const { fixed, findings } = await doctorOps({ ops, extraChecks, fix: true })
    expect(fixed).toEqual([])
    expect(findings.map(({ id, fixable }) => [id, fixable])).toEqual([
      ['fixable', false],
      ['without-fix', true],
    ])
  })
})
