import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, withLedger } from '@kitty/git-commit'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { doctorOps, restoreOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { request, storeAt } from '../support/store.js'

const strategy = withLedger(directGit())

/** A repository with a linked work tree, and a path that this one can be moved to. */
const newTrees = async () => {
  const repository = await newRepository()
  const folder = await tempFolder()
  const [linked, away] = [join(folder, 'linked'), join(folder, 'away')]
  await repository.git('worktree', 'add', '--quiet', '-b', 'side', linked)
  return { repository, linked, away }
}

const opCommits = ({ git }: Repository): Promise<string> =>
  git('log', '--all', '--format=%s', '--grep=^op(')

describe('an Op that was closed while its work tree was away', () => {
  it('is not closed again there, by hand or by a sweep, and its record can be restored', async () => {
    const { repository, linked, away } = await newTrees()
    const { id } = await (await storeAt(linked, { strategy })).start(request)
    await rename(linked, away)
    const main = await storeAt(repository.path, { strategy })
    await main.adopt(id)
    await main.complete(id, { outcome: 'done' })
    const commits = await opCommits(repository)

    const ops = await storeAt(away, { strategy })
    await expect(ops.complete(id, { outcome: 'failed' })).rejects.toMatchObject({
      code: 'ALREADY_CLOSED',
    })
    expect(await ops.complete(id, { outcome: 'done' })).toMatchObject({ already: true })
    const look = { ops, closeStale: true, thresholdHours: 0, fix: true }
    const { findings, open_ops, swept } = await doctorOps(look)
    expect({ open_ops, swept }).toEqual({ open_ops: [], swept: 0 })
    expect(findings).toMatchObject([
      { id: 'changed-after-close', invocation_id: id, next: [{ verb: 'restore', id }] },
    ])
    expect(await opCommits(repository)).toBe(commits)

    expect(await restoreOps({ ops, ids: [id] })).toMatchObject({
      restored: [{ invocation_id: id }],
    })
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })

  it('stays open if the work tree was only moved, once an Op there has said where it is', async () => {
    const { repository, linked, away } = await newTrees()
    const { id } = await (await storeAt(linked, { strategy })).start(request)
    await rename(linked, away)
    const moved = await storeAt(away, { strategy })
    await moved.start(request)
    const main = await storeAt(repository.path, { strategy })
    const { swept } = await doctorOps({ ops: main, closeStale: true, thresholdHours: 0 })
    expect(swept).toBe(0)
    expect((await moved.complete(id, { outcome: 'done' })).commit.status).toBe('committed')
  })
})

it('a sweep leaves an open Op that a clone brought: only its own clone knows whether it is at work', async () => {
  const repository = await newRepository()
  const { id, path } = await (await storeAt(repository.path, { exclude: false })).start(request)
  await repository.git('add', path)
  await repository.git('commit', '--quiet', '-m', 'An open record')
  const clone = join(await tempFolder(), 'clone')
  await repository.git('clone', '--quiet', repository.path, clone)
  const ops = await storeAt(clone)
  const report = await doctorOps({ ops, closeStale: true, thresholdHours: 0 })
  expect(report).toMatchObject({ swept: 0, open_ops: [{ invocation_id: id }] })
  expect(await repositoryAt(clone).git('log', '--format=%s', '--grep=^op(')).toBe('')
  const own = await storeAt(repository.path)
  expect(await doctorOps({ ops: own, closeStale: true, thresholdHours: 0 })).toMatchObject({
    swept: 1,
  })
})
