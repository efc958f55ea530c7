import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder, withShim } from '@kitty/test-kit'
import type { OpsOptions } from '@kitty/writer'
import { knownWorkTrees } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { type DoctorOptions, doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, request, storeAt } from '../support/store.js'

const HOUR = 3_600_000

/** A repository with a linked work tree; the store in the main one. */
const newTrees = async () => {
  const repository = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', '-b', 'side', linked)
  return { repository, linked, ops: await storeAt(repository.path) }
}

type Trees = Awaited<ReturnType<typeof newTrees>>

const openThere = async (folder: string, options: Partial<OpsOptions> = {}) =>
  (await storeAt(folder, options)).start(request)

/** An Op that is closed and cannot be committed there now. */
const pendingThere = async (folder: string) => {
  const gitDir = await repositoryAt(folder).git('rev-parse', '--absolute-git-dir')
  await mkdir(join(gitDir, 'rebase-merge'))
  const op = await closedOp(await storeAt(folder))
  await rm(join(gitDir, 'rebase-merge'), { recursive: true })
  return op
}

const later = () => new Date(Date.now() + 48 * HOUR)

const sweep = ({ ops }: Pick<Trees, 'ops'>, options: Partial<DoctorOptions> = {}) =>
  doctorOps({ ops, closeStale: true, clock: later, ...options })

const about = async (
  { ops }: Pick<Trees, 'ops'>,
  id: string,
  options: Partial<DoctorOptions> = {},
) => (await doctorOps({ ops, ...options })).findings.filter((each) => each.id === id)

/** How many commits of any branch are of this Op. */
const commitsOf = async ({ git }: Repository, id: string): Promise<number> =>
  (await git('log', '--all', '--format=%B')).split('\n').filter((line) => line === `Op-Id: ${id}`)
    .length

const removals: readonly (readonly [string, (trees: Trees) => Promise<unknown>])[] = [
  [
    'git worktree remove --force',
    ({ repository, linked }) => repository.git('worktree', 'remove', '--force', linked),
  ],
  [
    'rm -rf and git worktree prune',
    async ({ repository, linked }) => {
      await rm(linked, { recursive: true })
      await repository.git('worktree', 'prune', '--expire=now')
    },
  ],
]

describe('the Ops of a work tree that is present', () => {
  it('are named, with the place to look', async () => {
    const trees = await newTrees()
    await closedOp(trees.ops)
    const open = await openThere(trees.linked)
    const pending = await pendingThere(trees.linked)
    const { findings, healthy, open_ops } = await doctorOps({ ops: trees.ops })
    expect(healthy).toBe(true)
    expect(open_ops).toEqual([])
    expect(findings).toMatchObject([
      {
        id: 'other-work-tree',
        severity: 'info',
        invocation_ids: [open.id, pending.id].sort(),
        work_tree: { path: trees.linked, status: 'present' },
        message: `The work tree ${trees.linked} has 1 open Op and 1 pending Op.`,
        next: [{ verb: 'doctor-there', path: trees.linked }],
      },
    ])
    expect(await sweep(trees, { fix: true })).toMatchObject({ swept: 0, fixed: [] })
    const there = await storeAt(trees.linked)
    expect((await there.read(open.id)).record.status).toBe('open')
    expect(await there.pending()).toMatchObject([{ id: pending.id }])
  })

  it('are still there after git worktree move', async () => {
    const trees = await newTrees()
    const { id } = await openThere(trees.linked)
    const moved = join(dirname(trees.linked), 'moved')
    await trees.repository.git('worktree', 'move', trees.linked, moved)
    expect(await about(trees, 'other-work-tree')).toMatchObject([
      { invocation_id: id, work_tree: { path: moved, status: 'present' } },
    ])
  })
})

it('many that are gone take no more git processes than a few', async () => {
  const { repository, ops } = await newTrees()
  const folder = await tempFolder()
  const removeWithPending = async (name: string): Promise<void> => {
    const linked = join(folder, name)
    await repository.git('worktree', 'add', '--quiet', '--detach', linked)
    await pendingThere(linked)
    await repository.git('worktree', 'remove', '--force', linked)
  }
  const log = join(folder, 'log')
  const processes = async (): Promise<number> => {
    await writeFile(log, '')
    await withShim(`printf x >> '${log}'`, () => about({ ops }, 'gone-work-tree'))
    return (await readFile(log, 'utf8')).length
  }
  for (const name of ['one', 'two']) await removeWithPending(name)
  const few = await processes()
  for (const name of ['three', 'four', 'five', 'six']) await removeWithPending(name)
  expect(await processes()).toBe(few)
})

describe.each(removals)('after %s', (_, remove) => {
  it('an open Op is a warning, and a sweep closes it here once it is stale', async () => {
    const trees = await newTrees()
    const { id, path } = await openThere(trees.linked)
    await remove(trees)
    const { findings, open_ops, healthy } = await doctorOps({ ops: trees.ops })
    expect(healthy).toBe(false)
    const work_tree = { path: trees.linked, status: 'gone' }
    expect(findings).toMatchObject([
      {
        id: 'gone-work-tree',
        severity: 'warning',
        invocation_id: id,
        work_tree,
        fixable: false,
        next: [{ verb: 'close', id }],
      },
    ])
    expect(open_ops).toMatchObject([{ invocation_id: id, action_taken: 'none', work_tree }])
    const young = await sweep(trees, { clock: () => new Date() })
    expect(young).toMatchObject({ swept: 0, skipped_fresh: 1 })
    const plan = await sweep(trees, { dryRun: true })
    expect(plan).toMatchObject({ swept: 0, fixed: [{ invocation_id: id, done: false }] })
    const swept = await sweep(trees)
    expect(swept).toMatchObject({
      healthy: true,
      swept: 1,
      open_ops: [{ invocation_id: id, action_taken: 'closed_abandoned', work_tree }],
      fixed: [{ id: 'gone-work-tree', invocation_id: id, done: true }],
    })
    expect(swept.fixed[0]?.message).toContain(`it was opened in ${trees.linked}`)
    expect(await trees.repository.read(path)).toContain('"closed_by":"doctor_sweep"')
    expect(await commitsOf(trees.repository, id)).toBe(1)
    await expectHealthy(trees.ops)
  })

  it('a pending Op is committed here by --fix, once, whatever runs at the same time', async () => {
    const trees = await newTrees()
    const pending = [await pendingThere(trees.linked), await pendingThere(trees.linked)]
    const ids = pending.map(({ id }) => id).sort()
    await remove(trees)
    expect(await about(trees, 'gone-work-tree')).toMatchObject([
      { severity: 'warning', invocation_ids: ids, fixable: true, next: [{ verb: 'fix' }] },
    ])
    const plan = await doctorOps({ ops: trees.ops, fix: true, dryRun: true })
    expect(plan.fixed).toMatchObject([
      { message: expect.stringContaining('take over 2 pending Ops') },
    ])
    const stores = await Promise.all([1, 2, 3].map(() => storeAt(trees.repository.path)))
    const reports = await Promise.all(stores.map((ops) => doctorOps({ ops, fix: true })))
    expect(reports.flatMap(({ fixed }) => fixed).filter(({ done }) => !done)).toEqual([])
    for (const { id, path } of pending) {
      expect(await trees.repository.read(path)).toContain('"completed"')
      expect(await commitsOf(trees.repository, id)).toBe(1)
    }
    await expectHealthy(trees.ops)
    expect((await knownWorkTrees(trees.repository.path)).map(({ status }) => status)).toEqual([
      'present',
    ])
  })

  it('a pending Op waits while nothing can be committed here', async () => {
    const trees = await newTrees()
    const { id } = await pendingThere(trees.linked)
    await remove(trees)
    await trees.repository.git('checkout', '--quiet', '--detach')
    const { fixed, findings } = await doctorOps({ ops: trees.ops, fix: true })
    expect(fixed).toEqual([])
    expect(findings).toMatchObject([
      { id: 'gone-work-tree', fixable: false, next: [{ verb: 'git-switch-create' }, {}] },
    ])
    await trees.repository.git('checkout', '--quiet', 'work')
    await doctorOps({ ops: trees.ops, fix: true })
    expect(await commitsOf(trees.repository, id)).toBe(1)
  })

  it('state without an Op is removed by --fix', async () => {
    const trees = await newTrees()
    await closedOp(await storeAt(trees.linked))
    await remove(trees)
    const { healthy, findings, fixed } = await doctorOps({ ops: trees.ops, fix: true })
    expect({ healthy, findings }).toEqual({ healthy: true, findings: [] })
    expect(fixed).toMatchObject([{ id: 'gone-work-tree', done: true }])
    expect(await knownWorkTrees(trees.repository.path)).toEqual([])
  })

  it('an Op that was closed in another place meanwhile is not open', async () => {
    const trees = await newTrees()
    const { id, path } = await openThere(trees.linked, { exclude: false })
    const there = repositoryAt(trees.linked)
    await there.git('add', '--force', path)
    await there.git('commit', '--quiet', '-m', 'Open')
    await trees.repository.git('merge', '--quiet', 'side')
    await trees.ops.complete(id, { outcome: 'done' })
    await remove(trees)
    const { open_ops, healthy } = await doctorOps({ ops: trees.ops })
    expect({ open_ops, healthy }).toEqual({ open_ops: [], healthy: true })
    expect(await sweep(trees, { fix: true })).toMatchObject({ swept: 0, healthy: true })
    expect(await commitsOf(trees.repository, id)).toBe(1)
    await expectHealthy(trees.ops)
  })

  it('an Op is left open while its command runs on this machine', async () => {
    const trees = await newTrees()
    const { id } = await openThere(trees.linked, { runsCommand: true })
    await remove(trees)
    expect(await sweep(trees)).toMatchObject({ swept: 0, skipped_running: 1 })
    expect(await trees.ops.adopt(id)).toBe(true)
  })
})

it('a stale Op is closed once by several sweeps at the same time', async () => {
  const trees = await newTrees()
  const ops = [await openThere(trees.linked), await openThere(trees.linked)]
  await trees.repository.git('worktree', 'remove', '--force', trees.linked)
  const other = join(await tempFolder(), 'other')
  await trees.repository.git('worktree', 'add', '--quiet', '-b', 'other', other)
  const stores = await Promise.all(
    [trees.repository.path, trees.repository.path, other, other].map((root) => storeAt(root)),
  )
  const reports = await Promise.all(stores.map((each) => sweep({ ops: each })))
  expect(reports.reduce((sum, { swept }) => sum + swept, 0)).toBe(2)
  for (const { id } of ops) expect(await commitsOf(trees.repository, id)).toBe(1)
})

describe('a work tree that is out of reach', () => {
  /** Another mount, or a container: the folder, and perhaps what it is in, is not here. */
  const away = async (folder: string) => {
    await rename(folder, `${folder}-away`)
    return () => rename(`${folder}-away`, folder)
  }

  it('is information, and a warning once an Op is stale', async () => {
    const trees = await newTrees()
    const { id } = await openThere(trees.linked)
    const pending = await pendingThere(trees.linked)
    await away(trees.linked)
    const expected = {
      id: 'unreachable-work-tree',
      work_tree: { path: trees.linked, status: 'unreachable' },
      invocation_ids: [id, pending.id].sort(),
    }
    expect(await doctorOps({ ops: trees.ops })).toMatchObject({
      healthy: true,
      findings: [{ ...expected, severity: 'info' }],
      open_ops: [{ invocation_id: id, work_tree: { status: 'unreachable' } }],
    })
    expect(await doctorOps({ ops: trees.ops, clock: later, fix: true })).toMatchObject({
      healthy: false,
      findings: [{ ...expected, severity: 'warning', next: [{ verb: 'abandon', id }] }],
      fixed: [],
    })
  })

  it('is swept if its folder was deleted', async () => {
    const trees = await newTrees()
    const { id } = await openThere(trees.linked)
    await rm(trees.linked, { recursive: true })
    expect(await sweep(trees)).toMatchObject({ swept: 1, healthy: true })
    expect(await commitsOf(trees.repository, id)).toBe(1)
  })

  it('is not swept if the folder around it is not there either', async () => {
    const trees = await newTrees()
    const { id } = await openThere(trees.linked)
    const mount = await away(dirname(trees.linked))
    expect(await sweep(trees)).toMatchObject({ swept: 0, open_ops: [{ action_taken: 'none' }] })
    await mount()
    expect(
      (await (await storeAt(trees.linked)).complete(id, { outcome: 'done' })).commit,
    ).toMatchObject({ status: 'committed' })
  })

  it('is not swept while it is locked', async () => {
    const trees = await newTrees()
    await openThere(trees.linked)
    await trees.repository.git('worktree', 'lock', trees.linked)
    const back = await away(trees.linked)
    const report = await sweep(trees)
    expect(report).toMatchObject({ swept: 0, healthy: false })
    expect(report.findings[0]?.message).toContain('It is locked.')
    await back()
    expect(existsSync(trees.linked)).toBe(true)
  })
})
