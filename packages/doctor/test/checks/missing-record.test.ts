import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { archivedPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore } from '../support/store.js'

const checks = ['missing-record', 'kept-off-disk']

describe('a record that is in git and not on disk', () => {
  it('is an error, and is restored byte for byte', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    const bytes = await repository.read(op.path)
    await rm(join(repository.path, op.path))
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      {
        id: 'missing-record',
        severity: 'error',
        invocation_id: op.invocation_id,
        path: op.path,
        fixable: true,
        next: [{ verb: 'restore-all' }],
      },
    ])
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed).toMatchObject([{ message: 'Would restore 1 from git.' }])
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ done: true, message: 'Restored 1 of 1 from git.' }])
    expect(await repository.read(op.path)).toBe(bytes)
    expect(await repository.statusPorcelain()).toEqual([])
    await expectHealthy(ops)
  })

  it('is one of many, hot and archived, after `git clean` took all of them', async () => {
    const { repository, ops } = await newStore()
    const [hot, cold] = [await closedOp(ops), await closedOp(ops)]
    const archived = archivedPath(cold.invocation_id)
    await repository.write(archived, await repository.read(cold.path))
    await rm(join(repository.path, cold.path))
    await repository.commit('Archived')
    await rm(join(repository.path, 'kitty-ops'), { recursive: true })
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toHaveLength(1)
    expect(findings[0]?.invocation_ids).toEqual([hot.invocation_id, cold.invocation_id])
    expect(findings[0]?.message).toContain('2 records are in git, but gone from disk')
    const { fixed } = await doctorOps({ ops, checks, fix: true })
    expect(fixed).toMatchObject([{ done: true, message: 'Restored 2 of 2 from git.' }])
    await repository.git('checkout', '--quiet', 'HEAD', '--', 'kitty-ops')
    expect(await repository.statusPorcelain()).toEqual([])
    await expectHealthy(ops)
  })

  it('is present where a sparse checkout keeps it off the disk', async () => {
    const { repository, ops } = await newStore()
    const [first, second] = [await closedOp(ops), await closedOp(ops)]
    await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/01*')
    const { healthy, findings } = await doctorOps({ ops, fix: true })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([
      {
        id: 'kept-off-disk',
        severity: 'info',
        invocation_ids: [first.invocation_id, second.invocation_id],
        fixable: false,
      },
    ])
    await repository.git('sparse-checkout', 'disable')
    expect((await doctorOps({ ops })).findings).toEqual([])
    await expectHealthy(ops)
  })
})
