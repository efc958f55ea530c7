import { chmod, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directGit, noCommit, safeCommitGuard } from '@kitty/git-commit'
import { newRepository, type Repository } from '@kitty/test-kit'
import type { CommitStrategy, Ops } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { doctorOps, type Finding } from '../../src/index.js'
import { expectHealthy } from '../support/expect-healthy.js'
import { beginRebase, closedOp, newStore, pendingOps, storeAt } from '../support/store.js'

const GUARDED = safeCommitGuard(directGit())

/** What a fix did, finding by finding. */
type Fixed = { readonly before: readonly Finding[]; readonly after: readonly Finding[] }

/**
 * Checks and fixes a store, and holds the doctor to its word: what was `fixable` is fixed, what was not is
 * reported unchanged, and nothing failed.
 */
const fixAll = async (ops: Ops, deep = false): Promise<Fixed> => {
  const { findings: before } = await doctorOps({ ops, deep })
  const { findings: after, fixed } = await doctorOps({ ops, deep, fix: true })
  const fixable = before.filter((finding) => finding.fixable)
  expect(fixed.map(({ id, done }) => [id, done])).toEqual(
    expect.arrayContaining(fixable.map(({ id }) => [id, true])),
  )
  expect(fixed).toHaveLength(fixable.length)
  for (const finding of fixable) expect(after).not.toContainEqual(finding)
  const rest = before.filter((finding) => !finding.fixable)
  expect(after).toEqual(expect.arrayContaining([...rest]))
  return { before, after }
}

const verbsOf = ({ next }: Finding): readonly string[] => next.map(({ verb }) => verb)

const finding = ({ before }: Fixed, id: string): Finding => {
  const found = before.find((each) => each.id === id)
  if (found === undefined) throw new Error(`No finding of ${id}`)
  return found
}

/** A store with an Op that was closed while committing was turned off, after some preparation. */
const withClosed = async (
  strategy: CommitStrategy = directGit(),
  prepare: (repository: Repository) => Promise<unknown> = async () => undefined,
) => {
  const repository = await newRepository()
  await prepare(repository)
  const op = await closedOp(await storeAt(repository.path, { strategy: noCommit() }))
  return { repository, op, ops: await storeAt(repository.path, { strategy }) }
}

const oldLock = async (repository: Repository, name: string): Promise<string> => {
  const path = join(repository.path, '.git', name)
  await writeFile(path, '')
  const time = Date.now() / 1000 - 20 * 60
  await utimes(path, time, time)
  return path
}

const removeObject = (repository: Repository, blob: string): Promise<void> =>
  rm(join(repository.path, '.git', 'objects', blob.slice(0, 2), blob.slice(2)), { force: true })

/** A situation in which nothing can be committed, what to do first, and how to end it. */
type Situation = {
  readonly strategy?: CommitStrategy
  /** What happens before the Op is closed. */
  readonly prepare?: Situation['begin']
  readonly begin: (repository: Repository) => Promise<unknown>
  readonly says: string
  readonly first: readonly string[]
  readonly end: (repository: Repository) => Promise<unknown>
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'on a protected branch': {
    strategy: GUARDED,
    begin: ({ git }) => git('branch', '-m', 'main'),
    says: '`main` is protected (',
    first: ['git-switch-create'],
    end: ({ git }) => git('switch', '--quiet', '--create', 'feature'),
  },
  'with another branch than the declared one': {
    strategy: safeCommitGuard(directGit(), { destination: 'release' }),
    begin: ({ git }) => git('branch', 'release'),
    says: 'The destination is release',
    first: ['git-switch'],
    end: ({ git }) => git('switch', '--quiet', 'release'),
  },
  'with a configuration that cannot be read': {
    strategy: GUARDED,
    begin: (repository) =>
      repository.write('.kittify/config.yaml', 'protection: {protected_branches: work}\n'),
    says: 'protected',
    first: [],
    end: (repository) => rm(join(repository.path, '.kittify/config.yaml')),
  },
  'on a detached HEAD': {
    begin: ({ git }) => git('checkout', '--quiet', '--detach'),
    says: 'HEAD is detached',
    first: ['git-switch-create'],
    end: ({ git }) => git('checkout', '--quiet', 'work'),
  },
  'during a rebase': {
    prepare: beginRebase,
    begin: async () => undefined,
    says: 'A rebase is in progress',
    first: ['git-status'],
    end: ({ git }) => git('rebase', '--abort'),
  },
  'during a bisection, guarded': {
    strategy: GUARDED,
    begin: ({ git }) => git('bisect', 'start'),
    says: 'A bisection is in progress',
    first: ['git-status'],
    end: ({ git }) => git('bisect', 'reset'),
  },
  'behind an ignore rule': {
    begin: (repository) => repository.write('.git/info/exclude', 'kitty-ops/\n'),
    says: '"kitty-ops/" in .git/info/exclude, line 1',
    first: ['git-check-ignore'],
    end: (repository) => repository.write('.git/info/exclude', ''),
  },
  'without an identity': {
    begin: async ({ git }) => {
      await git('config', 'user.useConfigOnly', 'true')
      await git('config', '--unset', 'user.email')
    },
    says: 'git does not know who is committing',
    first: ['git-config-edit'],
    end: ({ git }) => git('config', 'user.email', 'ursula@example.org'),
  },
  'behind the lock of another git on HEAD': {
    begin: (repository) => oldLock(repository, 'HEAD.lock'),
    says: 'Another program left the lock',
    first: [],
    end: (repository) => rm(join(repository.path, '.git/HEAD.lock')),
  },
  'behind the lock of another git on the index': {
    begin: (repository) => oldLock(repository, 'index.lock'),
    says: 'Another program left the lock',
    first: [],
    end: (repository) => rm(join(repository.path, '.git/index.lock')),
  },
}

describe('a closed Op is not fixable', () => {
  it.each(Object.entries(SITUATIONS))('%s, and is afterwards', async (_, situation) => {
    const { strategy, prepare, begin, says, first, end } = situation
    const { repository, ops } = await withClosed(strategy, prepare)
    await begin(repository)
    const blocked = finding(await fixAll(ops), 'uncommitted')
    expect(blocked.fixable).toBe(false)
    expect(blocked.message).toContain(says)
    expect(verbsOf(blocked)).toEqual([...first, 'fix'])
    await end(repository)
    const free = finding(await fixAll(ops), 'uncommitted')
    expect(free).toMatchObject({ fixable: true, next: [{ verb: 'fix' }] })
    if (strategy === undefined || strategy === GUARDED) await expectHealthy(ops)
  })
})

describe('a closed Op is fixable', () => {
  it('on a detached HEAD where the strategy commits there', async () => {
    const { repository, ops } = await withClosed(directGit({ detached: 'commit' }))
    await repository.git('checkout', '--quiet', '--detach')
    expect(finding(await fixAll(ops), 'uncommitted').fixable).toBe(true)
  })

  it('on a protected branch where nothing guards it', async () => {
    const { repository, ops } = await withClosed()
    await repository.git('branch', '-m', 'main')
    expect(finding(await fixAll(ops), 'uncommitted').fixable).toBe(true)
  })

  it('during a merge that stopped at a conflict', async () => {
    const { repository, ops } = await withClosed(directGit(), async (prepared) => {
      await beginRebase(prepared)
      await prepared.git('rebase', '--abort')
      await prepared.tryGit('merge', 'theirs')
    })
    expect(await repository.git('ls-files', '--unmerged')).not.toBe('')
    expect(finding(await fixAll(ops), 'uncommitted').fixable).toBe(true)
    expect(await repository.git('ls-files', '--unmerged')).not.toBe('')
  })

  it('as far as its record is gone or cut off, also where it cannot be committed', async () => {
    const store = await newStore(GUARDED)
    const [gone, cutOff] = await pendingOps(store, 2)
    const { repository, ops } = store
    await repository.git('branch', '-m', 'main')
    const paths = [gone?.path ?? '', cutOff?.path ?? '']
    const bytes = await Promise.all(paths.map((path) => repository.read(path)))
    await rm(join(repository.path, paths[0] ?? ''))
    await repository.write(paths[1] ?? '', bytes[1]?.slice(0, -9) ?? '')
    const checks = ['uncommitted']
    const before = await doctorOps({ ops, checks })
    expect(before.findings).toMatchObject([{ fixable: true }, { fixable: true }])
    const { fixed, findings } = await doctorOps({ ops, checks, fix: true })
    expect(fixed).toMatchObject([{ done: true }, { done: true }])
    expect(fixed[0]?.message).toMatch(/^Its record is complete again. Not committed: .*protected/)
    expect(await Promise.all(paths.map((path) => repository.read(path)))).toEqual(bytes)
    expect(findings).toMatchObject([{ id: 'uncommitted', fixable: false }])
    expect(findings[0]?.invocation_ids).toHaveLength(2)
    await repository.git('switch', '--quiet', '--create', 'feature')
    await fixAll(ops)
    await expectHealthy(ops)
  })
})

it('an intent of a committed Op is not fixable where nothing can be committed', async () => {
  const store = await newStore(GUARDED)
  await pendingOps(store, 1)
  const { repository, ops } = store
  await repository.git('add', '--force', 'kitty-ops')
  await repository.git('commit', '--quiet', '-m', 'By hand')
  await repository.git('branch', '-m', 'main')
  const blocked = finding(await fixAll(ops), 'needless-intent')
  expect(verbsOf(blocked)).toEqual(['git-switch-create', 'fix'])
  expect(blocked.fixable).toBe(false)
  await repository.git('switch', '--quiet', '--create', 'feature')
  expect(finding(await fixAll(ops), 'needless-intent').fixable).toBe(true)
})

it('a record that a commit deleted is not fixable where nothing can be committed', async () => {
  const { repository, ops } = await newStore(GUARDED)
  const { path } = await closedOp(ops)
  await repository.git('rm', '--quiet', path)
  await repository.git('commit', '--quiet', '-m', 'An index that did not know it')
  await repository.git('branch', '-m', 'main')
  const blocked = finding(await fixAll(ops, true), 'deleted-in-history')
  expect(verbsOf(blocked)).toEqual(['git-log-deletions', 'git-switch-create', 'fix-deep'])
  expect(blocked.fixable).toBe(false)
  await repository.git('switch', '--quiet', '--create', 'feature')
  expect(finding(await fixAll(ops, true), 'deleted-in-history').fixable).toBe(true)
  await expectHealthy(ops)
})

it('what is staged is not fixable behind an old lock of another git on the index', async () => {
  const { repository, ops } = await newStore()
  const { path } = await closedOp(ops)
  await repository.git('rm', '--quiet', '--cached', path)
  await oldLock(repository, 'index.lock')
  const blocked = await fixAll(ops)
  expect(blocked.before.map(({ id, fixable }) => [id, fixable])).toEqual([
    ['staged-deletion', false],
    ['dead-lock', false],
  ])
  await rm(join(repository.path, '.git/index.lock'))
  expect(finding(await fixAll(ops), 'staged-deletion').fixable).toBe(true)
  await expectHealthy(ops)
})

it('what is gone from disk is not fixable where a partial clone lacks it', async () => {
  const { repository, ops } = await newStore()
  const [here, elsewhere] = [await closedOp(ops), await closedOp(ops)]
  const attributes = 'kitty-ops/.gitattributes'
  await repository.git('config', 'remote.origin.promisor', 'true')
  for (const path of [elsewhere.path, attributes]) {
    await removeObject(repository, await repository.git('rev-parse', `HEAD:${path}`))
  }
  for (const path of [here.path, elsewhere.path, attributes]) {
    await rm(join(repository.path, path))
  }
  const { before } = await fixAll(ops)
  expect(before.map(({ id, path, fixable }) => [id, path, fixable])).toEqual([
    ['missing-record', here.path, true],
    ['missing-record', elsewhere.path, false],
    ['attributes', attributes, false],
  ])
  expect(before[1]?.next).toEqual([{ verb: 'git-checkout', path: elsewhere.path }])
  expect(before[2]?.next).toEqual([{ verb: 'git-checkout-index', path: attributes }])
})

// root can write anywhere, and Windows has no such mode for a folder.
describe.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a git directory', () => {
  it('that this user cannot write to keeps an Op from being committed', async () => {
    const { repository, ops } = await withClosed()
    const gitDir = join(repository.path, '.git')
    await chmod(gitDir, 0o500)
    const { findings } = await doctorOps({ ops, checks: ['uncommitted'] })
    await chmod(gitDir, 0o700)
    expect(findings).toMatchObject([{ fixable: false, next: [{ verb: 'fix' }] }])
    expect(findings[0]?.message).toContain('cannot be written here')
    await doctorOps({ ops, fix: true })
    await expectHealthy(ops)
  })
})
