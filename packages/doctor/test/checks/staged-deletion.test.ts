import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { archivedPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore } from '../support/store.js'

describe('a record whose deletion is staged', () => {
  it('is put back into the index, and nothing else is touched', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    await repository.write('staged.txt', 'mine\n')
    await repository.git('add', 'staged.txt')
    const before = await repository.stagedState()
    await repository.git('rm', '--quiet', '--cached', op.path)
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      {
        id: 'staged-deletion',
        severity: 'error',
        invocation_id: op.invocation_id,
        fixable: true,
        next: [{ verb: 'git-restore-staged', path: op.path }],
      },
    ])
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed).toMatchObject([{ message: "Would put 1 back into git's index." }])
    await doctorOps({ ops, fix: true })
    expect(await repository.stagedState()).toEqual(before)
    await expectHealthy(ops)
  })

  it('together with its file, is restored in both', async () => {
    const { repository, ops } = await newStore()
    const [one, two] = [await closedOp(ops), await closedOp(ops)]
    const bytes = await repository.read(one.path)
    await repository.git('rm', '--quiet', one.path, two.path)
    const { findings } = await doctorOps({ ops })
    expect(findings.map(({ id }) => id)).toEqual(['missing-record', 'staged-deletion'])
    expect(findings[1]?.invocation_ids).toEqual([one.invocation_id, two.invocation_id])
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ done: true }, { done: true }])
    expect(await repository.read(one.path)).toBe(bytes)
    expect(await repository.statusPorcelain()).toEqual([])
    await expectHealthy(ops)
  })

  it('is not found if the record moved to the archive', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    await repository.write(archivedPath(op.invocation_id), await repository.read(op.path))
    await rm(join(repository.path, op.path))
    await repository.git('add', '--all')
    expect((await doctorOps({ ops })).findings).toEqual([])
  })

  it('says so when another git holds the index', async () => {
    const { repository, ops } = await newStore()
    const op = await closedOp(ops)
    await repository.git('rm', '--quiet', '--cached', op.path)
    await repository.write('.git/index.lock', '')
    const { fixed } = await doctorOps({ ops, fix: true, checks: ['staged-deletion'] })
    expect(fixed).toMatchObject([{ done: false, message: expect.stringContaining('index.lock') }])
    await rm(join(repository.path, '.git/index.lock'))
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })
})
