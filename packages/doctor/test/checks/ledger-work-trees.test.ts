import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, ledger, safeCommitGuard, withLedger } from '@kitty/git-commit'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { knownWorkTrees } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, request, storeAt } from '../support/store.js'

const HOUR = 3_600_000

const strategy = withLedger(directGit())

/** A repository with a linked work tree that has an open and two pending Ops. */
const newTrees = async () => {
  const repository = await newRepository()
  const linked = join(await tempFolder(), 'linked')
  await repository.git('worktree', 'add', '--quiet', '-b', 'side', linked)
  const ops = await storeAt(repository.path, { strategy })
  const there = await storeAt(linked, { strategy: directGit() })
  const gitDir = await repositoryAt(linked).git('rev-parse', '--absolute-git-dir')
  await mkdir(join(gitDir, 'rebase-merge'))
  const pending = [(await closedOp(there)).id, (await closedOp(there)).id].sort()
  await rm(join(gitDir, 'rebase-merge'), { recursive: true })
  const open = [(await there.start(request)).id, (await there.start(request)).id].sort()
  await repository.git('worktree', 'remove', '--force', linked)
  await repository.git('branch', '-D', 'side')
  return { repository, linked, ops, pending, open }
}

const idsInLedger = async ({ git }: Repository): Promise<readonly string[]> => {
  const refs = await git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')
  if (refs === '') return []
  const paths = (await git('ls-tree', '-r', '--name-only', refs)).split('\n')
  return paths.flatMap((path) => /([0-9A-Z]{26})\.jsonl$/.exec(path)?.[1] ?? []).sort()
}

const opCommits = ({ git }: Repository): Promise<string> => git('log', '--all', '--grep=^op(')

describe('with a ledger, after a work tree was removed with its branch', () => {
  it('the fix adds its pending Ops to the ledger, and commits none of them to a branch', async () => {
    const { repository, ops, pending } = await newTrees()
    const head = await repository.git('rev-parse', 'HEAD')
    const { findings } = await doctorOps({ ops })
    const found = findings.find(({ message }) => message.includes('pending'))
    expect(found).toMatchObject({ id: 'gone-work-tree', fixable: true, invocation_ids: pending })
    expect(found?.message).toContain('the fix adds them to the ledger')
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed[0]?.message).toContain('Would add 2 pending Ops of a removed work tree')
    expect(await idsInLedger(repository)).toEqual([])
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ id: 'gone-work-tree', done: true }])
    expect(fixed[0]?.message).toBe('Added 2 of 2 from a removed work tree to the ledger.')
    expect(await idsInLedger(repository)).toEqual(pending)
    expect(await repository.git('rev-parse', 'HEAD')).toBe(head)
    expect(await opCommits(repository)).toBe('')
    expect(existsSync(join(repository.path, 'kitty-ops'))).toBe(false)
    expect(await doctorOps({ ops, fix: true })).toMatchObject({ fixed: [] })
  })

  it('what the ledger already has needs no attention, and many such work trees are one line', async () => {
    const repository = await newRepository()
    const trees = [join(await tempFolder(), 'one'), join(await tempFolder(), 'two')]
    const closed: string[] = []
    for (const linked of trees) {
      await repository.git('worktree', 'add', '--quiet', '--detach', linked)
      closed.push((await closedOp(await storeAt(linked, { strategy }))).id)
      await repository.git('worktree', 'remove', '--force', linked)
    }
    const ops = await storeAt(repository.path, { strategy })
    const { findings } = await doctorOps({ ops })
    expect(findings).toMatchObject([{ id: 'gone-work-tree', severity: 'info', fixable: true }])
    expect(findings[0]?.message).toContain('state of 2 removed work trees, although no Op needs it')
    expect(await doctorOps({ ops, fix: true })).toMatchObject({ fixed: [{ done: true }] })
    expect(await idsInLedger(repository)).toEqual(closed.sort())
    expect(await readFile(join(repository.path, '.git/info/exclude'), 'utf8')).not.toMatch(
      /^\/.*\d/m,
    )
    await expectHealthy(ops)
  })

  it('its open Ops are named, and a sweep closes them in the ledger', async () => {
    const { repository, ops, pending, open } = await newTrees()
    const { findings, open_ops } = await doctorOps({ ops })
    const found = findings.find(({ message }) => message.includes('2 open Ops'))
    expect(found?.message).toContain('the record then goes into the ledger')
    expect(open_ops.map((op) => op.invocation_id)).toEqual(open)
    const later = () => new Date(Date.now() + 48 * HOUR)
    const plan = await doctorOps({ ops, closeStale: true, dryRun: true, clock: later })
    expect(plan.fixed[0]?.message).toContain('add its record to the ledger')
    const swept = await doctorOps({ ops, closeStale: true, clock: later })
    expect(swept).toMatchObject({ swept: 2, fixed: [{ id: 'gone-work-tree', done: true }] })
    expect(swept.fixed[0]?.message).toContain('their records are in the ledger now')
    expect(await idsInLedger(repository)).toEqual(expect.arrayContaining(open))
    expect(existsSync(join(repository.path, 'kitty-ops'))).toBe(false)
    await doctorOps({ ops, fix: true })
    await doctorOps({ ops, fix: true })
    expect(await idsInLedger(repository)).toEqual([...pending, ...open].sort())
    const gone = (await knownWorkTrees(repository.path)).filter(({ status }) => status === 'gone')
    expect(gone).toEqual([])
    await expectHealthy(ops)
  })

  it('nothing is fixed or lost while the ledger is rewound', async () => {
    const { repository, ops, open, pending } = await newTrees()
    await closedOp(ops)
    const ref = await repository.git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')
    const noted = await repository.git('rev-parse', ref)
    await repository.git('update-ref', '-d', ref)
    const { findings } = await doctorOps({ ops })
    const found = findings.find(({ message }) => message.includes('pending'))
    expect(found).toMatchObject({ id: 'gone-work-tree', fixable: false })
    expect(found?.message).toContain('no longer contains')
    const later = () => new Date(Date.now() + 48 * HOUR)
    const swept = await doctorOps({ ops, closeStale: true, fix: true, clock: later })
    expect(swept.swept).toBe(2)
    expect(swept.fixed[0]?.message).toContain('not all in the ledger yet')
    await repository.git('update-ref', ref, noted)
    await doctorOps({ ops, fix: true })
    expect(await idsInLedger(repository)).toEqual(expect.arrayContaining([...open, ...pending]))
  })
})

const excludeOf = ({ path }: Repository): Promise<string> =>
  readFile(join(path, '.git/info/exclude'), 'utf8')

describe('a record that a guard refused and the ledger holds', () => {
  const guarded = withLedger(safeCommitGuard(directGit()))

  const refused = async (count: number) => {
    const repository = await newRepository()
    await repository.git('branch', '-m', 'main')
    const ops = await storeAt(repository.path, { strategy: guarded })
    const ids: string[] = []
    for (let number = 0; number < count; number += 1) ids.push((await closedOp(ops)).id)
    return { repository, ops, ids: ids.sort() }
  }

  it('is one count as information, stays hidden, and is committed to another branch by --fix', async () => {
    const { repository, ops, ids } = await refused(3)
    expect(await ops.pending()).toEqual([])
    const exclude = await excludeOf(repository)
    for (const id of ids) expect(exclude).toContain(id)
    const blocked = await doctorOps({ ops })
    expect(blocked.healthy).toBe(true)
    const found = blocked.findings.find(({ id }) => id === 'uncommitted')
    expect(found).toMatchObject({ severity: 'info', fixable: false, invocation_ids: ids })
    expect(found?.message).toContain('3 closed Ops are in the ledger')
    expect(blocked.findings.map(({ id }) => id)).not.toContain('needless-exclude-line')
    await doctorOps({ ops, fix: true })
    expect(await excludeOf(repository)).toBe(exclude)
    await repository.git('switch', '--quiet', '--create', 'feature')
    const free = await doctorOps({ ops })
    expect(free.findings.find(({ id }) => id === 'uncommitted')).toMatchObject({
      severity: 'info',
      fixable: true,
      next: [{ verb: 'fix' }],
    })
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ id: 'uncommitted', done: true }])
    expect(fixed[0]?.message).toContain('Committed 3 of 3')
    expect(await repository.git('log', '--format=%s', '--grep=^op(')).toContain('op(')
    expect(await repository.git('status', '--porcelain')).toBe('')
    await expectHealthy(ops)
  })

  it('keeps its line for the doctor of another work tree, too', async () => {
    const { repository, ids } = await refused(1)
    const linked = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'side', linked)
    const there = await storeAt(linked, { strategy: guarded })
    const { findings } = await doctorOps({ ops: there })
    expect(findings.map(({ id }) => id)).not.toContain('needless-exclude-line')
    await doctorOps({ ops: there, fix: true })
    expect(await excludeOf(repository)).toContain(ids[0])
  })

  it('with other bytes on disk is no longer settled', async () => {
    const { repository, ops, ids } = await refused(1)
    const path = `kitty-ops/${ids[0]}.jsonl`
    await repository.write(path, (await repository.read(path)).replace('"done"', '"failed"'))
    const { findings } = await doctorOps({ ops })
    expect(findings.find(({ id }) => id === 'uncommitted')).toMatchObject({ severity: 'warning' })
  })
})

it('with the ledger alone, records that are in no branch are normal', async () => {
  const repository = await newRepository()
  const ops = await storeAt(repository.path, { strategy: ledger() })
  await closedOp(ops)
  await ops.start(request)
  const { findings } = await doctorOps({ ops, checks: [] })
  expect(findings.map(({ id }) => id)).toEqual(['open-op'])
})
