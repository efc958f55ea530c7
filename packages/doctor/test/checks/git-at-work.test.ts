import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { directGit, withLedger } from '@kitty/git-commit'
import { newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { request, storeAt } from '../support/store.js'

const strategy = withLedger(directGit())

/** A file that git checks out after all records. */
const LAST = 'slow.txt'

/** A clone, and a commit in the other one that it can pull: a closed Op, and a file before which git runs a command. */
const newClones = async (command = ':') => {
  const repository = await newRepository()
  const path = join(await tempFolder(), 'clone')
  const settings = [
    'user.name=Tester',
    'user.email=tester@example.org',
    `filter.slow.smudge=${command}; cat`,
  ]
  await repository.git(
    'clone',
    '--quiet',
    ...settings.flatMap((each) => ['-c', each]),
    repository.path,
    path,
  )
  const clone = repositoryAt(path)
  await clone.write('.git/info/attributes', `${LAST} filter=slow\n`)
  const other = await storeAt(repository.path, { strategy })
  const op = await other.start(request)
  await other.complete(op.id, { outcome: 'done' })
  await repository.write(LAST, 'Slow\n')
  await repository.commit('Slow')
  return { clone, op }
}

const exists = async (path: string): Promise<void> => {
  while (!existsSync(path)) await sleep(5)
}

describe('records that git writes while the doctor looks', () => {
  it.each(['fast-forward', 'merge'])('are not taken for Ops of this clone (%s)', async (kind) => {
    const { clone, op } = await newClones('sleep 1')
    if (kind === 'merge') await clone.git('commit', '--quiet', '--allow-empty', '-m', 'Own')
    const pull = clone.git('pull', '--quiet', '--no-rebase', '--no-edit')
    await exists(join(clone.path, op.path))
    const ops = await storeAt(clone.path, { strategy })
    const { findings, fixed } = await doctorOps({ ops, fix: true })
    expect({ findings, fixed }).toEqual({ findings: [], fixed: [] })
    await pull
    expect(await clone.git('for-each-ref', 'refs/kitty')).toBe('')
    await expectHealthy(ops)
  })

  it('are not restored while a switch of the branch takes them off the disk', async () => {
    const { clone, op } = await newClones('sleep 1')
    await clone.git('fetch', '--quiet')
    await clone.git('switch', '--quiet', '-c', 'newer', 'origin/HEAD~1')
    await clone.git('switch', '--quiet', '-c', 'older', 'HEAD~1')
    await clone.write(LAST, 'Slow\n')
    await clone.commit('Slow')
    await clone.git('switch', '--quiet', 'newer')
    const path = join(clone.path, op.path)
    const switching = clone.git('switch', '--quiet', 'older')
    while (existsSync(path)) await sleep(5)
    await doctorOps({ ops: await storeAt(clone.path, { strategy }), fix: true })
    await switching
    expect(existsSync(path)).toBe(false)
    expect(await clone.git('status', '--porcelain')).toBe('')
  })

  it('are those of another branch while git takes longer', async () => {
    const { clone, op } = await newClones('until [ -e .git/go ]; do sleep 0.05; done')
    const pull = clone.git('pull', '--quiet', '--no-rebase', '--no-edit')
    await exists(join(clone.path, op.path))
    const ops = await storeAt(clone.path, { strategy })
    const { findings, fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toEqual([])
    expect(findings).toMatchObject([{ id: 'uncommitted', invocation_id: op.id, severity: 'info' }])
    await clone.write('.git/go', '')
    await pull
    expect(await clone.git('for-each-ref', 'refs/kitty')).toBe('')
    await expectHealthy(ops)
  })

  it.each([
    ['in the work tree', '--worktree'],
    ['staged', '--staged'],
  ])('stay those of another branch if git was interrupted (%s)', async (_, ...where) => {
    const { clone, op } = await newClones()
    await clone.git('fetch', '--quiet')
    await clone.git('restore', '--source', 'origin/HEAD', '--worktree', ...where, '--', op.path)
    const ops = await storeAt(clone.path, { strategy })
    const { findings, fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toEqual([])
    expect(findings).toMatchObject([
      { id: 'uncommitted', severity: 'info', fixable: false, next: [{ verb: 'git-status' }] },
    ])
    expect(await clone.git('for-each-ref', 'refs/kitty')).toBe('')
  })

  it('are committed again if a commit took them out, although another branch has them', async () => {
    const { clone, op } = await newClones()
    await clone.git('pull', '--quiet')
    await clone.git('rm', '--quiet', '--cached', op.path)
    await clone.git('commit', '--quiet', '-m', 'Without')
    const ops = await storeAt(clone.path, { strategy })
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ id: 'uncommitted', done: true }])
    expect(await clone.git('ls-tree', 'HEAD', op.path)).not.toBe('')
  })
})

it('a sweep leaves an open record of another branch that git was bringing', async () => {
  const { clone } = await newClones()
  const origin = repositoryAt((await clone.git('config', 'remote.origin.url')).trim())
  const { id, path } = await (await storeAt(origin.path, { exclude: false })).start(request)
  await origin.commit('An open record')
  await clone.git('fetch', '--quiet')
  await clone.git('restore', '--source', 'origin/HEAD', '--worktree', '--', path)
  const ops = await storeAt(clone.path, { strategy })
  const report = await doctorOps({ ops, closeStale: true, thresholdHours: 0, fix: true })
  expect(report).toMatchObject({ swept: 0, open_ops: [{ invocation_id: id }] })
})

it('nothing is fixed while git is at work, and the doctor says so', async () => {
  const repository = await newRepository()
  const ops = await storeAt(repository.path, { strategy: directGit({ lockTimeoutMs: 100 }) })
  const lock = join(repository.path, '.git', 'index.lock')
  const op = await ops.start(request)
  await repository.write('.git/index.lock', '')
  await ops.complete(op.id, { outcome: 'done' })
  const { findings, fixed } = await doctorOps({ ops, fix: true })
  expect(findings).toMatchObject([{ id: 'uncommitted', invocation_id: op.id, fixable: true }])
  expect(fixed).toMatchObject([{ id: 'uncommitted', done: false }])
  expect(fixed[0]?.message).toContain(`git is at work here`)
  expect(fixed[0]?.message).toContain(lock)
  await rm(lock)
  expect((await doctorOps({ ops, fix: true })).fixed).toMatchObject([{ done: true }])
  await expectHealthy(ops)
})
