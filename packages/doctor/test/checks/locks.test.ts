import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { directGit } from '@kitty/git-commit'
import { newOpId } from '@kitty/record'
import { commitLockOf, type LockPaths, stateDirOf, tryLock } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { type CheckContext, doctorOps } from '../../src/index.js'
import { CHECKS } from '../../src/internals.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { closedOp, newStore, pendingOps, request, type Store } from '../support/store.js'

const NONCE = '0123456789abcdef'.repeat(2)
/** No owner that could be judged to live. */
const DEAD = 'nobody'

const put = async (path: string, text: string, minutesOld = 0): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  const time = Date.now() / 1000 - minutesOld * 60
  await utimes(path, time, time)
}

/** What a check finds now; `fix` fixes it afterwards, whatever happened in between. */
const foundBy = async (id: string, { ops }: Store) => {
  const context: CheckContext = { ops, now: Date.now(), thresholdHours: 24 }
  const check = CHECKS.find((each) => each.id === id)
  const [finding, ...others] = (await check?.run?.(context, {})) ?? []
  if (check?.fix === undefined || finding === undefined) throw new Error(`no finding of ${id}`)
  expect(others).toEqual([])
  const { fix } = check
  return { fix: () => fix.apply(finding, context, {}) }
}

/** Every lock that this software takes: for commits (in two places), for `info/exclude`, and on git's index. */
const ourLocks = async (root: string): Promise<readonly LockPaths[]> => {
  const git = join(root, '.git')
  return [
    commitLockOf(await stateDirOf(root)),
    // Where an older version had the state.
    commitLockOf({ lockDir: join(git, 'kitty') }),
    { path: join(git, 'kitty', 'exclude.lock'), tokens: join(git, 'kitty', 'tokens') },
    { path: join(git, 'index.lock'), tokens: join(git, 'kitty', 'index') },
  ]
}

const idsOf = async ({ ops }: Store) => (await doctorOps({ ops })).findings.map(({ id }) => id)

describe('a lock', () => {
  it('of a process that is dead is removed', async () => {
    const store = await newStore()
    const { repository, ops } = store
    await closedOp(ops)
    for (const { path, tokens } of await ourLocks(repository.path)) {
      await put(join(tokens, `${basename(path)}.nobody.${NONCE}`), NONCE, 20)
      await put(path, NONCE, 20)
    }
    const { healthy, findings } = await doctorOps({ ops })
    expect(healthy).toBe(true)
    expect(findings.map(({ id, path }) => [id, path])).toEqual([
      ['dead-lock', 'commit.lock'],
      ['dead-lock', join(repository.path, '.git', 'kitty', 'commit.lock')],
      ['dead-lock', 'exclude.lock'],
      ['dead-lock', 'index.lock'],
    ])
    const plan = await doctorOps({ ops, fix: true, dryRun: true })
    expect(plan.fixed[0]?.message).toBe('Would remove the lock commit.lock.')
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject(Array.from({ length: 4 }, () => ({ done: true })))
    expect(await idsOf(store)).toEqual([])
    await expectHealthy(ops)
  })

  it('without an owner is left while it is young, and git’s own always', async () => {
    const store = await newStore()
    const { repository, ops } = store
    await closedOp(ops)
    const locks = (await ourLocks(repository.path)).map(({ path }) => path)
    const gits = locks.at(-1)
    for (const path of locks) await put(path, '', 5)
    expect(await idsOf(store)).toEqual([])
    for (const path of locks) await put(path, '', 20)
    const { findings, fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([
      { done: true, message: 'Removed the lock commit.lock.' },
      { done: true, message: `Removed the lock ${locks[1]}.` },
      { done: true, message: 'Removed the lock exclude.lock.' },
    ])
    expect(findings).toMatchObject([
      { id: 'dead-lock', severity: 'warning', path: 'index.lock', fixable: false },
    ])
    await rm(gits ?? '')
    await expectHealthy(ops)
  })
})

describe('a lock that is taken between the check and the fix', () => {
  it('stays with its new owner', async () => {
    const store = await newStore()
    await closedOp(store.ops)
    const place = commitLockOf(await stateDirOf(store.repository.path))
    await put(join(place.tokens, `commit.lock.nobody.${NONCE}`), NONCE, 20)
    await put(place.path, NONCE, 20)
    const { fix } = await foundBy('dead-lock', store)
    const held = tryLock(place)
    if (held.kind !== 'held') throw new Error(held.kind)
    expect(await fix()).toMatchObject({ done: false })
    expect(await readFile(place.path)).not.toHaveLength(0)
    held.release()
    await expectHealthy(store.ops)
  })
})

describe('a lock on a ref that this software took', () => {
  const refs = ['HEAD', 'refs/heads/gone'] as const

  it('is removed at once if its process died, also of a branch that is not checked out', async () => {
    const store = await newStore()
    const { repository, ops } = store
    await closedOp(ops)
    const git = join(repository.path, '.git')
    for (const ref of refs) {
      const token = `${encodeURIComponent(ref)}.${DEAD}.${NONCE}`
      await put(join(git, 'kitty', 'refs', token), NONCE)
      await put(join(git, `${ref}.lock`), NONCE, 5)
    }
    const locks = refs.map((ref) => join(git, `${ref}.lock`)).toSorted()
    const { findings } = await doctorOps({ ops })
    expect(findings.map(({ id, path }) => [id, path]).toSorted()).toEqual(
      locks.map((path) => ['dead-lock', path]),
    )
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([{ done: true }, { done: true }])
    await expectHealthy(ops)
  })

  it('that another process has replaced is that process’s', async () => {
    const store = await newStore()
    const { repository, ops } = store
    await closedOp(ops)
    const git = join(repository.path, '.git')
    await put(join(git, 'kitty', 'refs', `HEAD.${DEAD}.${NONCE}`), NONCE)
    await put(join(git, 'HEAD.lock'), '', 20)
    const { findings, fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toEqual([])
    expect(findings).toMatchObject([{ id: 'ref-lock', fixable: false }])
    await rm(join(git, 'HEAD.lock'))
    await expectHealthy(ops)
  })
})

describe('a lock on a ref', () => {
  /** An Op that is pending, and whose closer died at work a while ago. */
  const withDeadCloser = async () => {
    const store = await newStore()
    const [op] = await pendingOps(store, 1)
    const id = op?.id ?? newOpId()
    const intent = join((await stateDirOf(store.repository.path)).dir, 'pending', id)
    const text = await readFile(intent, 'utf8')
    const end = text.indexOf('\n')
    const header = { ...JSON.parse(text.slice(0, end)), owner: DEAD, at: Date.now() - 600_000 }
    await writeFile(intent, `${JSON.stringify(header)}${text.slice(end)}`)
    return { ...store, id, lock: join(store.repository.path, '.git/HEAD.lock') }
  }

  it('that a dead closer left is removed, and its Op committed', async () => {
    const { ops, lock } = await withDeadCloser()
    await put(lock, '', 5)
    const { findings } = await doctorOps({ ops, checks: ['ref-lock'] })
    expect(findings).toMatchObject([{ severity: 'warning', path: lock, fixable: true }])
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toMatchObject([
      { id: 'ref-lock', done: true },
      { id: 'uncommitted', done: true },
    ])
    await expectHealthy(ops)
  })

  it('is known as a dead closer’s also after others have tried in vain', async () => {
    const { ops, lock, id } = await withDeadCloser()
    await put(lock, '', 5)
    const another = await ops.start(request)
    expect((await ops.complete(another.id, { outcome: 'done' })).commit).toMatchObject({
      status: 'deferred',
      reason: 'ref-locked',
    })
    expect(await ops.complete(id, { outcome: 'done' })).toMatchObject({ already: true })
    const { fixed } = await doctorOps({ ops, fix: true })
    expect(fixed.map(({ id: check, done }) => [check, done])).toEqual([
      ['ref-lock', true],
      ['uncommitted', true],
    ])
    await expectHealthy(ops)
  })

  it('with a commit in it is removed only if that is the Op’s', async () => {
    const { repository, ops, lock, id } = await withDeadCloser()
    const tree = await repository.git('rev-parse', 'HEAD^{tree}')
    const message = `op(p): a [${id.slice(0, 8)}]\n\nOp-Id: ${id}\nOp-Outcome: done\n`
    const ours = await repository.git('commit-tree', tree, '-m', message)
    for (const [content, fixable] of [
      [ours, true],
      [await repository.head(), false],
      ['0'.repeat(40), false],
    ] as const) {
      await put(lock, `${content}\n`, 5)
      const { findings } = await doctorOps({ ops, checks: ['ref-lock'] })
      expect(findings).toMatchObject([{ fixable }])
    }
    await rm(lock)
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })

  it('is left alone if another git has taken it between the check and the fix', async () => {
    const { lock, ...store } = await withDeadCloser()
    await put(lock, '', 5)
    const { fix } = await foundBy('ref-lock', store)
    await put(lock, '')
    expect(await fix()).toMatchObject({ done: false })
    await put(lock, `${await store.repository.head()}\n`, 5)
    expect(await fix()).toMatchObject({ done: false })
    await rm(lock)
    expect(await fix()).toMatchObject({ done: true })
    await doctorOps({ ops: store.ops, fix: true })
    await expectHealthy(store.ops)
  })

  it('is left if no process of this software died, and while it is young', async () => {
    const { repository, ops } = await newStore()
    const lock = join(repository.path, '.git/refs/heads/work.lock')
    await put(lock, '')
    expect((await doctorOps({ ops })).findings).toEqual([])
    await put(lock, '', 5)
    const { findings, fixed } = await doctorOps({ ops, fix: true })
    expect(fixed).toEqual([])
    expect(findings).toMatchObject([{ id: 'ref-lock', severity: 'warning', fixable: false }])
    await rm(lock)
    await expectHealthy(ops)
  })
})

describe('a branch that has another name', () => {
  it('is checked under both', async () => {
    const { repository, ops } = await newStore()
    await repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/work')
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias')
    const locks = ['alias', 'work'].map((name) =>
      join(repository.path, `.git/refs/heads/${name}.lock`),
    )
    for (const lock of locks) await put(lock, '', 5)
    const { findings } = await doctorOps({ ops, checks: ['ref-lock'] })
    expect(findings.map(({ path }) => path).sort()).toEqual(locks)
  })
})

describe('what a crash left', () => {
  it('of intents of committed Ops is removed', async () => {
    const store = await newStore(directGit())
    await pendingOps(store, 2)
    await store.repository.git('add', '--force', 'kitty-ops')
    await store.repository.git('commit', '--quiet', '-m', 'By hand')
    const { healthy, findings } = await doctorOps({ ops: store.ops })
    expect(healthy).toBe(true)
    expect(findings.find(({ id }) => id === 'needless-intent')?.invocation_ids).toHaveLength(2)
    await doctorOps({ ops: store.ops, fix: true })
    expect(await store.ops.pending()).toEqual([])
    await expectHealthy(store.ops)
  })
})
