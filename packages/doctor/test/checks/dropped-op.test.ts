import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { doctorOps, restoreOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, storeAt } from '../support/store.js'

const CHECKS = ['dropped-op']

describe('an Op whose commit no branch contains', () => {
  it('is found after a reset, and restored by its id', async () => {
    const { repository, ops } = await newStore()
    await closedOp(ops)
    const op = await closedOp(ops)
    const bytes = await repository.read(op.path)
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1')
    expect((await doctorOps({ ops })).findings).toEqual([])
    const { findings, healthy } = await doctorOps({ ops, deep: true, fix: true })
    expect(findings).toMatchObject([{ id: 'dropped-op', severity: 'info', path: op.path }])
    expect(findings[0]?.next).toEqual([{ verb: 'restore', id: op.id }])
    expect(healthy).toBe(true)
    const { restored } = await restoreOps({ ops, ids: [op.id.slice(0, -1)] })
    expect(restored).toMatchObject([{ invocation_id: op.id, from: 'history' }])
    expect(await repository.read(op.path)).toBe(bytes)
    await doctorOps({ ops, fix: true })
    expect((await doctorOps({ ops, deep: true })).findings).toEqual([])
    await expectHealthy(ops)
  })

  it('is found after a rebase was aborted over it, with all others of its kind', async () => {
    const { repository, ops } = await newStore()
    const before = await repository.head()
    const all = [await closedOp(ops), await closedOp(ops)]
    await repository.git('checkout', '--quiet', '--detach', before)
    await repository.git('branch', '--force', 'work', before)
    await repository.git('checkout', '--quiet', 'work')
    const { findings } = await doctorOps({ ops, checks: CHECKS })
    expect(findings).toMatchObject([{ invocation_ids: all.map(({ id }) => id) }])
  })

  it('is not one whose commit was made again, wherever that is', async () => {
    const { repository, ops } = await newStore()
    await repository.git('branch', 'base')
    await closedOp(ops)
    await repository.git('switch', '--quiet', 'base')
    await repository.write('base.txt', 'more')
    await repository.commit('Base')
    await repository.git('rebase', '--quiet', 'base', 'work')
    expect((await doctorOps({ ops, checks: CHECKS })).findings).toEqual([])
    await repository.git('switch', '--quiet', 'base')
    expect((await doctorOps({ ops, checks: CHECKS })).findings).toEqual([])
  })

  it('is not found on an unborn branch', async () => {
    const { path } = await newRepository({ unborn: true })
    expect((await doctorOps({ ops: await storeAt(path), checks: CHECKS })).findings).toEqual([])
  })
})
