import { rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import {
  configureRepository,
  newRepository,
  type Repository,
  repositoryAt,
  tempFolder,
  tryGitIn,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { lookAtWorkTree } from '../src/work-tree.js'
import { leaveWork, withBranches } from './helpers/branches.js'
import { expectCommitted } from './helpers/expect-committed.js'
import { when, withShim } from './helpers/git-shim.js'
import { answerOf, closeOne, storeAt } from './helpers/ops.js'
import { templateOf } from './helpers/template.js'

const branches = templateOf(withBranches)

describe('an unborn branch', () => {
  it('gets its first commit, without what the user has staged', async () => {
    const repository = await newRepository({ unborn: true })
    await repository.write('staged.txt', 'staged\n')
    await repository.git('add', 'staged.txt')
    const before = await repository.stagedState(['kitty-ops'])
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    await expectCommitted(repository, ops, closed)
    const after = await repository.stagedState(['kitty-ops'])
    expect(after).toEqual(before)
    expect(await repository.log()).toHaveLength(1)
  })

  it.each([
    ['switch', '--orphan', 'fresh'],
    ['checkout', '--orphan', 'fresh'],
  ])('beside others: git %s', async (...args) => {
    const repository = await branches()
    await repository.git(...args)
    const before = await repository.stagedState(['kitty-ops'])
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
    expect(await repository.log()).toHaveLength(1)
  })

  it('of several Ops at once', async () => {
    const repository = await newRepository({ unborn: true })
    const ops = await storeAt(repository)
    const closed = await Promise.all([closeOne(ops), closeOne(ops), closeOne(ops)])
    for (const each of closed) await expectCommitted(repository, ops, each)
  })
})

/** Refs in a database; undefined where the git that is here does not know that. */
const withReftable = async (): Promise<Repository | undefined> => {
  const path = await tempFolder()
  const made = await tryGitIn(path, ['init', '--quiet', '--ref-format=reftable'])
  if (made.exitCode !== 0) return undefined
  await configureRepository(path)
  const repository = repositoryAt(path)
  await repository.commit('First commit')
  return repository
}

/** The same as far as HEAD goes, with a git that answers for it. */
const asIfReftable = async (repository: Repository, deed: () => Promise<void>): Promise<void> => {
  const sha = await repository.head()
  await repository.write('.git/HEAD', 'ref: refs/heads/.invalid\n')
  const isDetached = when('symbolic-ref', 'exit 1', 'always')
  await withShim(`${isDetached}\n${when('rev-parse', `echo ${sha}; exit 0`, 'always')}`, deed)
}

describe.skipIf(process.platform === 'win32')('a detached HEAD in a database', () => {
  it('is told by its commit', async () => {
    const repository = await newRepository()
    const sha = await repository.head()
    await asIfReftable(repository, async () => {
      const state = await lookAtWorkTree(repository.path)
      expect(state?.head).toEqual({ kind: 'detached', sha })
    })
    const real = await withReftable()
    if (real === undefined) return
    const ops = await storeAt(real, { detached: 'commit' })
    await expectCommitted(real, ops, await closeOne(ops))
    await real.git('checkout', '--quiet', '--detach')
    const state = await lookAtWorkTree(real.path)
    expect(state?.head).toEqual({ kind: 'detached', sha: await real.head() })
    await expectCommitted(real, ops, await closeOne(ops))
  })
})

describe('a detached HEAD', () => {
  it('defers; the Op goes in on the next branch', async () => {
    const repository = await branches()
    await leaveWork(repository)
    await repository.git('checkout', '--quiet', '--detach')
    const before = await repository.stagedState(['kitty-ops'])
    const ops = await storeAt(repository)
    const closed = await closeOne(ops)
    expect(answerOf(closed)).toBe('detached-head')
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
    await repository.git('switch', '--quiet', 'work')
    await ops.flush()
    await expectCommitted(repository, ops, closed)
  })

  it('commits where that was asked for', async () => {
    const repository = await branches()
    const tip = await repository.head()
    await repository.git('checkout', '--quiet', '--detach')
    const ops = await storeAt(repository, { detached: 'commit' })
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.git('rev-parse', 'work')).toBe(tip)
  })
})

const packed = async (repository: Repository): Promise<void> => {
  await repository.git('pack-refs', '--all')
  await rm(join(repository.path, '.git', 'refs', 'heads'), { recursive: true })
}

const WAYS_TO_KEEP_A_BRANCH: Readonly<
  Record<string, (repository: Repository) => Promise<unknown>>
> = {
  'packed refs': packed,
  'a packed ref that is out of date': async (repository) => {
    await repository.git('pack-refs', '--all')
    await repository.commit('Newer')
  },
  'a name with slashes': ({ git }) => git('branch', '--move', 'work', 'feature/a/b'),
  'a name with other letters': ({ git }) => git('branch', '--move', 'work', 'größe/日本-"x"'),
  'a name that is another for a branch': async ({ git }) => {
    await git('symbolic-ref', 'refs/heads/alias', 'refs/heads/work')
    await git('symbolic-ref', 'HEAD', 'refs/heads/alias')
  },
  'no reflog': async (repository) => {
    await repository.git('config', 'core.logAllRefUpdates', 'false')
    await rm(join(repository.path, '.git', 'logs'), { recursive: true })
    await repository.commit('Unlogged')
  },
  'a message that was given up long ago': async (repository) => {
    await repository.write('.git/COMMIT_EDITMSG', '')
    const longAgo = Date.now() / 1000 - 601
    await utimes(join(repository.path, '.git', 'logs', 'HEAD'), longAgo - 100, longAgo - 100)
    await utimes(join(repository.path, '.git', 'COMMIT_EDITMSG'), longAgo, longAgo)
  },
  'a commit just made': (repository) => repository.commit('Just now'),
}

describe('a branch with', () => {
  it.each(Object.entries(WAYS_TO_KEEP_A_BRANCH))('%s', async (_, prepare) => {
    const repository = await branches()
    await prepare(repository)
    const branch = await repository.git('symbolic-ref', 'HEAD')
    const tip = await repository.head()
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.git('symbolic-ref', 'HEAD')).toBe(branch)
    expect(await repository.git('rev-parse', 'HEAD~2')).toBe(tip)
  })
})
