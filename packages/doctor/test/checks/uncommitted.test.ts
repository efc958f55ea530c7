import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, ledger, noCommit, safeCommitGuard, withLedger } from '@kitty/git-commit'
import { ledgerLockOf } from '@kitty/git-commit/inspect'
import { configureRepository, newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import type { CommitStrategy, Ops } from '@kitty/writer'
import { archivedPath, stateDirOf, waitForLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { doctorOps } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import {
  beginRebase,
  closedOp,
  idsOf,
  newStore,
  pendingOps,
  request,
  storeAt,
} from '../support/store.js'

const checks = ['uncommitted']

it('an Op that the branch has and the ledger lacks is not healthy, and --fix does not claim what it cannot do', async () => {
  const { repository, ops } = await newStore(withLedger(directGit()))
  await closedOp(ops)
  const ref = await repository.git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')
  const inLedger = () => repository.git('ls-tree', '-r', '--name-only', ref)
  const lock = join(repository.path, '.git', `${ref}.lock`)
  await writeFile(lock, '')
  const { id } = await closedOp(ops)
  const { healthy, findings } = await doctorOps({ ops })
  expect(healthy).toBe(false)
  expect(findings).toMatchObject([{ id: 'uncommitted', severity: 'warning', invocation_id: id }])
  expect(findings[0]?.message).toMatch(/^The Op is committed, but not in the ledger yet\. .*lock/)
  const { fixed } = await doctorOps({ ops, fix: true })
  expect(fixed).toMatchObject([{ done: false }])
  expect(fixed[0]?.message).toMatch(/^Committed as .* It is not in the ledger yet: .*lock/)
  await rm(lock)
  await doctorOps({ ops, fix: true })
  expect(await inLedger()).toContain(id)
  await expectHealthy(ops)
})

describe('an Op that neither its branch nor the ledger could take', () => {
  const withBusyLedger = async (count: number) => {
    const strategy = withLedger(directGit(), ledger({ lockTimeoutMs: 50 }))
    const { repository, ops } = await newStore(strategy)
    await closedOp(ops)
    const ref = await repository.git('for-each-ref', '--format=%(refname)', 'refs/kitty/ops/')
    await repository.git('switch', '--quiet', '--detach')
    const place = ledgerLockOf(join(repository.path, '.git'))
    const lock = await waitForLock(place, { timeoutMs: 1_000 })
    const closed = await Promise.all(Array.from({ length: count }, () => closedOp(ops)))
    if (lock.kind === 'held') lock.release()
    const inLedger = () => repository.git('ls-tree', '-r', '--name-only', ref)
    return { ops, ids: idsOf(closed), inLedger }
  }

  it.each([1, 2])(
    'is added to the ledger by --fix, although HEAD is detached: %i',
    async (count) => {
      const { ops, ids, inLedger } = await withBusyLedger(count)
      const { findings } = await doctorOps({ ops, checks })
      const them = count === 1 ? 'it' : 'them'
      const message = expect.stringContaining(`The fix adds ${them} to the ledger.`)
      expect(findings).toMatchObject([{ id: 'uncommitted', message, fixable: true }])
      for (const id of ids) expect(await inLedger()).not.toContain(id)
      const { fixed, findings: left } = await doctorOps({ ops, checks, fix: true })
      expect(fixed).toMatchObject([
        { done: true, message: expect.stringContaining('Added to the ledger.') },
      ])
      for (const id of ids) expect(await inLedger()).toContain(id)
      expect(left).toMatchObject([{ id: 'uncommitted', fixable: false }])
      expect((await ops.pending()).map(({ id }) => id)).toEqual(ids)
    },
  )
})

describe('an Op that is closed and not committed', () => {
  it('while a rebase is in progress, says so, and is committed by --fix after it', async () => {
    const { repository, ops } = await newStore()
    await beginRebase(repository)
    const op = await closedOp(ops)
    const during = await doctorOps({ ops, fix: true })
    expect(during.healthy).toBe(false)
    expect(during.findings).toMatchObject([
      {
        id: 'uncommitted',
        severity: 'warning',
        invocation_id: op.id,
        path: op.path,
        message: expect.stringContaining('rebase is in progress'),
        fixable: false,
        next: [{ verb: 'git-status' }, { verb: 'fix' }],
      },
    ])
    expect(during.fixed).toEqual([])
    await repository.git('rebase', '--abort')
    const after = await doctorOps({ ops, fix: true })
    expect(after).toMatchObject({ healthy: true, findings: [], fixed: [{ done: true }] })
    expect(after.fixed[0]?.message).toContain('with the strategy "direct-git"')
    expect(await repository.log()).toContain(
      `op(debugger-debbie): investigate [${op.id.slice(0, 8)}]`,
    )
    await expectHealthy(ops)
  })

  it('for the same reason as others, is counted with them', async () => {
    const store = await newStore()
    const pending = await pendingOps(store, 3)
    const { findings } = await doctorOps({ ops: store.ops, checks })
    expect(findings).toHaveLength(1)
    expect(findings[0]?.message).toContain('3 Ops are closed, but not committed yet')
    expect([...(findings[0]?.invocation_ids ?? [])].sort()).toEqual(idsOf(pending))
    const plan = await doctorOps({ ops: store.ops, fix: true, dryRun: true })
    expect(plan.fixed).toEqual([
      {
        id: 'uncommitted',
        done: false,
        message: 'Would commit these 3 Ops with the strategy "direct-git".',
      },
    ])
    expect(await store.ops.pending()).toHaveLength(3)
    const { fixed } = await doctorOps({ ops: store.ops, fix: true })
    expect(fixed).toEqual([
      {
        id: 'uncommitted',
        done: true,
        message: 'Committed 3 of 3 with the strategy "direct-git".',
      },
    ])
    await expectHealthy(store.ops)
  })

  it('without an intent is counted with others, and all are committed by one fix', async () => {
    const { repository, ops } = await newStore()
    const closed = await pendingOps({ repository, ops }, 3)
    await rm((await stateDirOf(ops.root)).lockDir, { recursive: true })
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([{ severity: 'warning', fixable: true }])
    expect([...(findings[0]?.invocation_ids ?? [])].sort()).toEqual(idsOf(closed))
    const { fixed } = await doctorOps({ ops, checks, fix: true })
    expect(fixed).toMatchObject([{ done: true, message: expect.stringContaining('3 of 3') }])
    await expectHealthy(ops)
  })

  it('is found and committed though it has no intent', async () => {
    const store = await newStore()
    const [op] = await pendingOps(store, 1)
    await rm((await stateDirOf(store.repository.path)).dir, { recursive: true })
    const ops = await storeAt(store.repository.path)
    expect(await ops.pending()).toEqual([])
    const { findings } = await doctorOps({ ops, checks })
    expect(findings).toMatchObject([
      {
        invocation_id: op?.id,
        message: 'The Op is closed, but not committed yet.',
        fixable: true,
        next: [{ verb: 'fix' }],
      },
    ])
    // Without the state, nothing holds the bytes of the record, so it must not be hidden.
    expect((await doctorOps({ ops, fix: true })).fixed).toMatchObject([
      { id: 'uncommitted', done: true },
      { id: 'needless-exclude-line', done: true },
    ])
    await expectHealthy(ops)
  })

  it('and was committed while it was open, is committed by --fix', async () => {
    const { repository, ops } = await newStore(noCommit())
    const op = await ops.start(request)
    await repository.commit('Everything I have')
    await ops.complete(op.id, { outcome: 'done' })
    const later = await storeAt(repository.path)
    expect((await doctorOps({ ops: later, checks })).findings).toMatchObject([
      { invocation_id: op.id, fixable: true },
    ])
    await doctorOps({ ops: later, fix: true })
    expect(await repository.git('show', `HEAD:${op.path}`)).toContain('"completed"')
    await expectHealthy(later)
  })

  it('is restored from its intent when it is gone from disk', async () => {
    const store = await newStore()
    const [op] = await pendingOps(store, 1)
    const path = op?.path ?? ''
    const bytes = await store.repository.read(path)
    await store.repository.git('clean', '--quiet', '-fdx', 'kitty-ops')
    const { findings } = await doctorOps({ ops: store.ops, checks })
    expect(findings).toMatchObject([{ path, message: expect.stringContaining('gone from disk') }])
    await doctorOps({ ops: store.ops, fix: true })
    expect(await store.repository.read(path)).toBe(bytes)
    await expectHealthy(store.ops)
  })

  it('is finished when something cut off its close', async () => {
    const store = await newStore()
    const [op] = await pendingOps(store, 1)
    const path = op?.path ?? ''
    const bytes = await store.repository.read(path)
    await store.repository.write(path, bytes.slice(0, bytes.indexOf('\n') + 10))
    const found = await doctorOps({ ops: store.ops, checks: ['uncommitted', 'open-op'] })
    expect(found.findings).toMatchObject([
      { id: 'uncommitted', message: expect.stringContaining('interrupted'), fixable: true },
    ])
    await doctorOps({ ops: store.ops, fix: true })
    expect(await store.repository.read(path)).toBe(bytes)
    await expectHealthy(store.ops)
  })

  it.each(['closed', 'open'])(
    'is left unchanged if its record became another %s one',
    async (kind) => {
      const store = await newStore()
      const [op] = await pendingOps(store, 1)
      const path = op?.path ?? ''
      const bytes = await store.repository.read(path)
      const [first = ''] = bytes.split('\n')
      const other = (kind === 'closed' ? bytes : `${first}\n`).replace('investigate', 'meddle')
      await store.repository.write(path, other)
      const { findings, fixed } = await doctorOps({ ops: store.ops, fix: true, checks })
      expect(findings).toMatchObject([{ path, fixable: false }])
      expect(findings[0]?.message).toContain('not the record that was closed')
      expect(fixed).toEqual([])
      expect(await store.repository.read(path)).toBe(other)
      await rm(join(store.repository.path, path))
      await doctorOps({ ops: store.ops, fix: true })
      expect(await store.repository.read(path)).toBe(bytes)
      await expectHealthy(store.ops)
    },
  )

  it('in the archive is for a person to commit, unless it was committed before it moved', async () => {
    const { repository, ops } = await newStore()
    const committed = await closedOp(ops)
    const never = await closedOp(await storeAt(repository.path, { strategy: noCommit() }))
    for (const { id, path } of [committed, never]) {
      await repository.write(archivedPath(id), await repository.read(path))
      await rm(join(repository.path, path))
    }
    const { findings } = await doctorOps({ ops, checks, fix: true })
    const path = archivedPath(never.id)
    expect(findings).toMatchObject([{ path, fixable: false }])
    expect(findings[0]?.next).toEqual([
      { verb: 'git-add', path },
      { verb: 'git-commit', path },
    ])
    await repository.commit('Archived')
    await expectHealthy(ops)
  })
})

describe('an Op that has an intent', () => {
  it('and was committed by hand is no finding, on disk or not', async () => {
    const store = await newStore()
    const [op] = await pendingOps(store, 1)
    await store.repository.git('add', '--force', op?.path ?? '')
    await store.repository.git('commit', '--quiet', '-m', 'By hand')
    expect((await doctorOps({ ops: store.ops, checks })).findings).toEqual([])
    await rm(join(store.repository.path, op?.path ?? ''))
    expect((await doctorOps({ ops: store.ops, checks })).findings).toEqual([])
  })

  it('and has a folder in its place is left to another check', async () => {
    const store = await newStore()
    const [op] = await pendingOps(store, 1)
    await rm(join(store.repository.path, op?.path ?? ''))
    await mkdir(join(store.repository.path, op?.path ?? ''))
    const { findings } = await doctorOps({ ops: store.ops, fix: true })
    expect(findings).toMatchObject([{ id: 'unreadable-record', path: op?.path }])
  })
})

describe('an Op that is being closed right now', () => {
  it('is neither open nor uncommitted, but in hand', async () => {
    const repository = await newRepository()
    const inner = directGit()
    let go = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const reached = new Promise<Ops>((resolve) => {
      const slow: CommitStrategy = {
        ...inner,
        commit: async (root, requests) => {
          resolve(opening)
          await gate
          return inner.commit(root, requests)
        },
      }
      const opening = storeAt(repository.path, { strategy: slow })
      void opening.then(closedOp)
    })
    const report = await doctorOps({ ops: await reached })
    expect(report).toMatchObject({ healthy: true, findings: [], open_ops: [] })
    go()
    await expectHealthy(await reached)
  })
})

describe('closed Ops that cannot be committed yet', () => {
  it('on a protected branch are one finding, which says what to do', async () => {
    const repository = await newRepository({ branch: 'main' })
    const strategy = safeCommitGuard(directGit())
    const ops = await storeAt(repository.path, { strategy })
    for (let count = 0; count < 3; count += 1) await closedOp(ops)
    const report = await doctorOps({ ops, fix: true })
    expect(report).toMatchObject({ healthy: false, fixed: [] })
    expect(report.findings).toMatchObject([
      { fixable: false, next: [{ verb: 'git-switch-create' }, { verb: 'fix' }] },
    ])
    expect(report.findings[0]?.message).toMatch(/^3 Ops .* `main` is protected/)
    await repository.git('checkout', '--quiet', '-b', 'feature')
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })

  it('because git ignores them, name the rule', async () => {
    const { repository, ops } = await newStore()
    await repository.write('.gitignore', 'kitty-ops/\n')
    const op = await closedOp(ops)
    const { findings } = await doctorOps({ ops, fix: true })
    expect(findings[0]?.message).toContain('"kitty-ops/" in .gitignore, line 1')
    await repository.write('.gitignore', '')
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ invocation_id: op.id, done: true }])
    await expectHealthy(ops)
  })

  it('are healthy where committing is turned off', async () => {
    const { ops } = await newStore(noCommit())
    await closedOp(ops)
    await closedOp(ops)
    const { healthy, findings } = await doctorOps({ ops, fix: true })
    expect(healthy).toBe(true)
    expect(findings).toMatchObject([{ severity: 'info', fixable: false }])
    expect(findings[0]?.invocation_ids).toHaveLength(2)
    await expectHealthy(ops)
  })

  it('are no finding where nothing is closed and committing is turned off', async () => {
    const { ops } = await newStore(noCommit())
    expect((await doctorOps({ ops })).findings).toEqual([])
  })

  it('are normal outside git, and found after `git init`', async () => {
    const root = await tempFolder()
    const before = await storeAt(root)
    const op = await closedOp(before)
    expect(await doctorOps({ ops: before })).toMatchObject({ healthy: true, findings: [] })
    await repositoryAt(root).git('init', '--quiet', '--template=')
    await configureRepository(root)
    const after = await storeAt(root)
    expect((await doctorOps({ ops: after })).findings).toMatchObject([
      { id: 'uncommitted', invocation_id: op.id },
      { id: 'state-in-work-tree', severity: 'info' },
    ])
    expect((await doctorOps({ ops: after, fix: true })).fixed).toMatchObject([
      { id: 'state-in-work-tree', done: true },
      { id: 'uncommitted', invocation_id: op.id, done: true },
    ])
    await expectHealthy(after)
  })

  it('outside git, have a cut off close finished all the same', async () => {
    const root = await tempFolder()
    const ops = await storeAt(root)
    const { path } = await closedOp(ops)
    const bytes = await readFile(join(root, path))
    await rm(join(root, path))
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([
      { done: true, message: expect.stringContaining('complete again') },
    ])
    expect(await readFile(join(root, path))).toEqual(bytes)
    await expectHealthy(ops)
  })
})
