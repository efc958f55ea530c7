import { rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { leaveWork, withBranches } from '../support/branches.js'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

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

it.each(['x', '\0'])(
  'a HEAD that git does not take fails no close: an id with %j',
  async (more) => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    await repository.write('.git/HEAD', `${await repository.head()}${more}\n`)
    const { result } = await closeOne(ops).then(({ commit }) => ({ result: commit }))
    expect(result).toMatchObject({ status: 'failed', code: 'GIT_FAILED' })
  },
)

describe('a detached HEAD', () => {
  it('defers; the Op is committed on the next branch', async () => {
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

  it('commits if the option says so', async () => {
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
    await repository.write('.git/COMMIT_EDITMSG', '\n# Please enter a message.\n#\n')
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
    const { stdout: logs } = await repository.tryGit('config', 'core.logAllRefUpdates')
    const reflog = await repository.git('reflog', '-2', '--format=%gs', 'HEAD')
    expect(/^op\(.*\nop\(/.test(reflog)).toBe(logs !== 'false')
  })
})
