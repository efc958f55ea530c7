import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, newVisibleStore, request, storeAt } from '../support/store.js'

describe('an open Op that is staged', () => {
  it('is taken out of the index, and nothing else is', async () => {
    const { repository, ops } = await newVisibleStore()
    await repository.write('mine.txt', 'mine\n')
    await repository.git('add', '--all')
    const before = await repository.stagedState(['kitty-ops'])
    const op = await ops.start(request)
    await repository.git('add', '--all')
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      {
        id: 'staged-open-op',
        severity: 'warning',
        invocation_id: op.id,
        fixable: true,
        next: [{ verb: 'git-restore-staged', path: op.path }],
      },
      { id: 'open-op' },
    ])
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed).toMatchObject([{ message: "Would unstage 1 in git's index." }])
    const { fixed, findings: left } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ done: true, message: "Unstaged 1 in git's index." }])
    expect(left.map(({ id }) => id)).toEqual(['open-op'])
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
    expect(await repository.git('ls-files', 'kitty-ops')).toBe('')
    await ops.complete(op.id, { outcome: 'done' })
    await expectHealthy(ops)
  })

  it('and was committed before, is as in HEAD again', async () => {
    const { repository, ops } = await newVisibleStore()
    const [one, two] = [await ops.start(request), await ops.start(request)]
    await repository.commit('Everything I have')
    for (const { path } of [one, two]) {
      await repository.write(path, `${await repository.read(path)}{"event":"note"}\n`)
    }
    await repository.git('add', '--all')
    const { findings } = await doctorOps({ ops, checks: ['staged-open-op'] })
    expect(findings[0]?.invocation_ids).toEqual([one.id, two.id])
    expect(findings[0]?.message).toContain('2 records of open Ops are staged')
    // Restoring the folder would also unstage the user's files in it.
    expect(findings[0]?.next).toEqual([{ verb: 'fix' }])
    await doctorOps({ ops, fix: true })
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
    for (const { id } of [one, two]) {
      await ops.complete(id, { outcome: 'done' })
    }
    await expectHealthy(ops)
  })
})

it('an open Op that is staged before the first commit: git has no HEAD to restore from', async () => {
  const repository = await newRepository({ unborn: true })
  const ops = await storeAt(repository.path, { exclude: false })
  await ops.start(request)
  await repository.git('add', '--all')
  const { findings } = await doctorOps({ ops, checks: ['staged-open-op'] })
  expect(findings).toMatchObject([{ fixable: true, next: [{ verb: 'fix' }] }])
  await doctorOps({ ops, fix: true })
  expect(await repository.git('ls-files')).toBe('')
})

describe('a change of a closed record that is staged', () => {
  it('is taken back in the index, though the disk has the record as it was', async () => {
    const { repository, ops } = await newStore()
    const ids: string[] = []
    for (const _ of [1, 2]) {
      const { path, id } = await closedOp(ops)
      ids.push(id)
      const bytes = await repository.read(path)
      await repository.write(path, bytes.replace('"done"', '"failed"'))
      await repository.git('add', path)
      await repository.write(path, bytes)
      const single = await doctorOps({ ops, checks: ['staged-change'] })
      if (ids.length === 1) {
        expect(single.findings[0]?.next).toContainEqual({ verb: 'git-restore-staged', path })
      }
    }
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([
      { id: 'staged-change', severity: 'error', invocation_ids: ids, fixable: true },
    ])
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed).toMatchObject([{ message: "Would unstage 2 in git's index." }])
    await doctorOps({ ops, fix: true })
    expect(await repository.statusPorcelain()).toEqual([])
    await expectHealthy(ops)
  })
})
