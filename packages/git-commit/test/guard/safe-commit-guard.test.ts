import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { type CommitStrategy, noCommit } from '@kitty/writer'
import { describe, expect, test } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { guarded, refused } from '../support/guarded.js'
import { recordingStrategy } from '../support/recording-strategy.js'
import { requestFor } from '../support/requests.js'

describe('what identifies the strategy', () => {
  test('its name contains the name of the inner one', () => {
    expect(safeCommitGuard(directGit()).name).toBe('safe-commit(direct-git)')
    expect(safeCommitGuard(safeCommitGuard(noCommit())).name).toBe('safe-commit(safe-commit(none))')
  })

  test('its options contain the destination, the paths and the options of the inner one', () => {
    const guard = safeCommitGuard(directGit({ detached: 'commit' }), { destination: 'x' })
    expect(JSON.parse(JSON.stringify(guard.options))).toEqual({
      destination: 'x',
      allow: ['kitty-ops/', '.kittify/evidence/'],
      inner: expect.objectContaining({ detached: 'commit' }),
    })
    expect(safeCommitGuard(noCommit()).options).not.toHaveProperty('destination')
  })

  test('it commits only its paths if the inner one does', () => {
    const passedOn = [undefined, true, false].map(
      (own) => safeCommitGuard(recordingStrategy(own)).commitsOnlyItsPaths,
    )
    expect(passedOn).toEqual([undefined, true, false])
  })
})

test('a request is passed on unchanged, with its bytes', async () => {
  const { path } = await newRepository()
  const inner = recordingStrategy()
  const request = requestFor(path)
  await safeCommitGuard(inner).commit(path, [request])
  expect(inner.calls).toEqual([[{ ...request, head: { kind: 'branch', branch: 'work' } }]])
  expect(inner.calls[0]?.[0]).toHaveProperty('record', request.record)
})

describe('NOT_A_WORKTREE', () => {
  test('a bare repository, and the inside of .git', async () => {
    const { path, git } = await newRepository()
    await git('clone', '--quiet', '--bare', '.', 'bare.git')
    for (const folder of ['bare.git', '.git', '.git/refs']) {
      const { result, asked } = await guarded([requestFor(join(path, folder))])
      expect([result, asked]).toEqual([refused('NOT_A_WORKTREE'), false])
    }
  })

  test('not a work tree whose git directory cannot be found: its Ops wait', async () => {
    const repository = await newRepository()
    const path = await tempFolder()
    await repository.git('worktree', 'add', '--quiet', '-b', 'x', join(path, 'linked'))
    await repository.write('.git/worktrees/linked/gitdir', '/nowhere/.git\n')
    await repository.git('worktree', 'prune')
    const { result, asked } = await guarded([requestFor(join(path, 'linked'))])
    expect(result).toMatchObject({ status: 'deferred', reason: 'git-unreachable' })
    expect(asked).toBe(false)
  })

  test('outside a repository the inner strategy decides', async () => {
    const root = await tempFolder()
    const guard = safeCommitGuard(directGit(), { destination: 'work' })
    const answer = await guard.commit(root, [requestFor(root)])
    expect(answer).toEqual([{ status: 'skipped', reason: 'no-repository' }])
  })
})

describe('several requests', () => {
  test('the others are passed on in one call, and the results keep their order', async () => {
    const { path } = await newRepository()
    const inner = recordingStrategy(true)
    const paths = ['src/a', 'kitty-ops/b', 'src/c', 'kitty-ops/d']
    const requests = paths.map((name) => requestFor(path, [name]))
    const results = await safeCommitGuard(inner).commit(path, requests)
    expect(inner.calls).toEqual([
      [requests[1], requests[3]].map((request) => ({
        ...request,
        head: { kind: 'branch', branch: 'work' },
      })),
    ])
    expect(results).toEqual([
      refused('PATH_POLICY'),
      { status: 'committed', sha: requests[1]?.message },
      refused('PATH_POLICY'),
      { status: 'committed', sha: requests[3]?.message },
    ])
  })

  test('each project root is checked by its own branch', async () => {
    const open = await newRepository()
    const closed = await newRepository({ branch: 'main' })
    const guard = safeCommitGuard(recordingStrategy(true))
    const answers = [closed, open, closed].map(({ path }) => guard.commit(path, [requestFor(path)]))
    const results = (await Promise.all(answers)).flat()
    expect(results.map(({ status }) => status)).toEqual(['refused', 'committed', 'refused'])
  })

  test('a result that the inner strategy does not return is not made up', async () => {
    const { path } = await newRepository()
    const owing = { name: 'owing', commitsOnlyItsPaths: true, commit: async () => [] }
    expect(await safeCommitGuard(owing).commit(path, [requestFor(path)])).toEqual([])
  })
})

test('a project root that is gone is a failure, not an exception', async () => {
  const root = join(await tempFolder(), 'gone')
  const { result, asked } = await guarded([requestFor(root)])
  expect([result?.status, asked]).toEqual(['failed', false])
})

describe('what keeps every request from being committed', () => {
  const code = async (strategy: CommitStrategy, root: string): Promise<string | undefined> => {
    const blocked = await strategy.blockedBy?.(root)
    const [result] = await strategy.commit(root, [requestFor(root)])
    if (blocked !== undefined) expect(result).toEqual(blocked)
    if (blocked?.status === 'deferred') return blocked.reason
    return blocked !== undefined && 'code' in blocked ? blocked.code : blocked?.status
  }

  test('is what a request would get', async () => {
    const repository = await newRepository()
    const root = repository.path
    const guard = safeCommitGuard(directGit())
    expect(await guard.blockedBy?.(root)).toBeUndefined()
    expect(await code(safeCommitGuard(directGit(), { destination: 'x' }), root)).toBe(
      'DESTINATION_NOT_FOUND',
    )
    await repository.git('checkout', '--quiet', '--detach')
    expect(await code(guard, root)).toBe('detached-head')
    await repository.git('checkout', '--quiet', '-b', 'main')
    expect(await code(guard, root)).toBe('PROTECTED_BRANCH')
    expect(await directGit().blockedBy?.(root)).toBeUndefined()
    await repository.write('.kittify/config.yaml', 'protection: {protected_branches: 1}\n')
    expect(await code(guard, root)).toBe('CONFIG_INVALID')
    await repository.git('bisect', 'start')
    expect(await code(directGit(), root)).toBe('bisect')
  })

  test('outside git, and without an identity', async () => {
    const outside = await tempFolder()
    expect(await code(safeCommitGuard(directGit()), outside)).toBe('skipped')
    const repository = await newRepository()
    await repository.git('config', 'user.useConfigOnly', 'true')
    await repository.git('config', '--unset', 'user.email')
    const blocked = await directGit().blockedBy?.(repository.path)
    expect(blocked).toMatchObject({ status: 'failed', code: 'NO_IDENTITY' })
  })

  test('is not known of a strategy that does not say it', async () => {
    const { path } = await newRepository()
    expect(await safeCommitGuard(recordingStrategy(true)).blockedBy?.(path)).toBeUndefined()
  })
})
