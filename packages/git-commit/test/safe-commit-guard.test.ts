import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import type { CommitRequest, CommitResult } from '@kitty/writer'
import { describe, expect, test } from 'vitest'
import { directGit } from '../src/direct-git.js'
import { noCommit } from '../src/no-commit.js'
import { type SafeCommitGuardOptions, safeCommitGuard } from '../src/safe-commit-guard.js'
import { recordingStrategy } from './support/recording-strategy.js'
import { opRequest, requestFor } from './support/requests.js'

const refused = (code: string) => ({
  status: 'refused',
  code,
  message: expect.stringMatching(/.\.$/s),
  hint: expect.stringMatching(/./),
})

/** The first answer of a guard, and whether the inner strategy was asked. */
const guarded = async (
  requests: readonly CommitRequest[],
  options: SafeCommitGuardOptions = {},
): Promise<{ result: CommitResult | undefined; asked: boolean }> => {
  const inner = recordingStrategy(true)
  const [result] = await safeCommitGuard(inner, options).commit(requests)
  return { result, asked: inner.calls.length > 0 }
}

describe('what a strategy is told by', () => {
  test('its name holds the name of the inner one', () => {
    expect(safeCommitGuard(directGit()).name).toBe('safe-commit(direct-git)')
    expect(safeCommitGuard(safeCommitGuard(noCommit())).name).toBe('safe-commit(safe-commit(none))')
  })

  test('its options hold the destination, the paths and the options of the inner one', () => {
    const guard = safeCommitGuard(directGit({ detached: 'commit' }), { destination: 'x' })
    expect(JSON.parse(JSON.stringify(guard.options))).toEqual({
      destination: 'x',
      allow: ['kitty-ops/', '.kittify/evidence/'],
      inner: expect.objectContaining({ detached: 'commit' }),
    })
    expect(safeCommitGuard(noCommit()).options).not.toHaveProperty('destination')
  })

  test('it holds the paths alone when the inner one does', () => {
    const passedOn = [undefined, true, false].map(
      (own) => safeCommitGuard(recordingStrategy(own)).commitsOnlyItsPaths,
    )
    expect(passedOn).toEqual([undefined, true, false])
  })
})

describe('the destination', () => {
  test.each(['refs/heads/work', 'refs/remotes/origin/work', 'refs/', ''])(
    'DESTINATION_REF_SHAPE: %j',
    async (destination) => {
      const { path } = await newRepository()
      const { result, asked } = await guarded([requestFor(path)], { destination })
      expect([result, asked]).toEqual([refused('DESTINATION_REF_SHAPE'), false])
    },
  )

  test('the hint has the name that was meant', async () => {
    const { path } = await newRepository()
    const options = { destination: 'refs/heads/feature/x' }
    const { result } = await guarded([requestFor(path)], options)
    expect(result).toHaveProperty('hint', expect.stringMatching(/ feature\/x$/))
  })

  test('DESTINATION_NOT_FOUND', async () => {
    const { path, git } = await newRepository()
    await git('branch', 'nowhere/near')
    const { result, asked } = await guarded([requestFor(path)], { destination: 'nowhere' })
    expect([result, asked]).toEqual([refused('DESTINATION_NOT_FOUND'), false])
  })

  test('HEAD_MISMATCH on another branch', async () => {
    const { path, git } = await newRepository()
    await git('branch', 'feature-x')
    const { result, asked } = await guarded([requestFor(path)], { destination: 'feature-x' })
    expect([result, asked]).toEqual([refused('HEAD_MISMATCH'), false])
    expect(result).toHaveProperty('message', expect.stringContaining('work is checked out'))
  })

  test('HEAD_MISMATCH on a detached HEAD', async () => {
    const { path, git } = await newRepository()
    await git('checkout', '--detach')
    const { result, asked } = await guarded([requestFor(path)], { destination: 'work' })
    expect([result, asked]).toEqual([refused('HEAD_MISMATCH'), false])
  })

  test('without one, a detached HEAD is for the inner strategy', async () => {
    const { path, git } = await newRepository()
    await git('checkout', '--detach')
    expect((await guarded([requestFor(path)])).asked).toBe(true)
  })

  test.each(['work', undefined])('on it, the request is handed on: %j', async (destination) => {
    const { path } = await newRepository()
    const options = destination === undefined ? {} : { destination }
    expect((await guarded([requestFor(path)], options)).asked).toBe(true)
  })

  test('an unborn branch is there by its name', async () => {
    const { path } = await newRepository({ unborn: true })
    expect((await guarded([requestFor(path)], { destination: 'work' })).asked).toBe(true)
  })

  test('where git cannot say whether it is there, it has failed', async () => {
    const { path, write } = await newRepository()
    await write('.git/config', 'this is no configuration')
    const { result, asked } = await guarded([requestFor(path)], { destination: 'x' })
    expect([result?.status, asked]).toEqual(['failed', false])
  })
})

describe('PROTECTED_BRANCH', () => {
  const onMain = (options: { unborn?: boolean } = {}): Promise<Repository> =>
    newRepository({ branch: 'main', ...options })

  test.each([{}, { unborn: true }])('main %j', async (options) => {
    const { path } = await onMain(options)
    const { result, asked } = await guarded([requestFor(path)])
    expect([result, asked]).toEqual([refused('PROTECTED_BRANCH'), false])
  })

  test('also when it is the destination', async () => {
    const { path } = await onMain()
    const { result } = await guarded([requestFor(path)], { destination: 'main' })
    expect(result).toEqual(refused('PROTECTED_BRANCH'))
  })

  test('opened by the environment that was handed in', async () => {
    const { path } = await onMain()
    const env = { SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS: '1' }
    expect((await guarded([requestFor(path)], { env })).asked).toBe(true)
  })

  test('opened by an empty list', async () => {
    const { path, write } = await onMain()
    await write('.kittify/config.yaml', 'protection: { protected_branches: [] }\n')
    expect((await guarded([requestFor(path)])).asked).toBe(true)
  })

  test('a list that cannot be read lets nothing pass', async () => {
    const { path, write } = await newRepository()
    await write('.kittify/config.yaml', 'protection: { protected_branches: none }\n')
    const { result, asked } = await guarded([requestFor(path)])
    expect([result, asked]).toEqual([refused('CONFIG_INVALID'), false])
  })

  test('in a linked worktree its own branch counts', async () => {
    const repository = await onMain()
    const path = join(await tempFolder(), 'linked')
    await repository.git('worktree', 'add', '--quiet', '-b', 'feature-x', path)
    expect((await guarded([requestFor(path)])).asked).toBe(true)
  })

  test('is looked at once for all requests', async () => {
    const repository = await onMain()
    const requests = await Promise.all([1, 2, 3].map(() => opRequest(repository)))
    const results = await safeCommitGuard(directGit()).commit(requests)
    expect(results.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused'])
    expect(new Set(results).size).toBe(1)
    expect(await repository.log()).toEqual(['First commit'])
  })
})

describe('EMPTY_CHANGESET', () => {
  test('a request without a path, also when it carries the index cache', async () => {
    const { path } = await newRepository()
    for (const changes of [{}, { index: 'kitty-ops/ops-index.jsonl' }]) {
      const { result, asked } = await guarded([requestFor(path, [], changes)])
      expect([result, asked]).toEqual([refused('EMPTY_CHANGESET'), false])
    }
  })

  test('a request that only removes is not empty', async () => {
    const { path } = await newRepository()
    const { asked } = await guarded([requestFor(path, [], { remove: ['kitty-ops/a.jsonl'] })])
    expect(asked).toBe(true)
  })
})

describe('PATH_POLICY', () => {
  test.each([
    '../kitty-ops/a.jsonl',
    'kitty-ops/../src/index.ts',
    'kitty-ops//a.jsonl',
    './kitty-ops/a.jsonl',
    '/kitty-ops/a.jsonl',
    '',
    'src/index.ts',
    'kitty-ops',
    'kitty-ops-not/a.jsonl',
    '.kittify/config.yaml',
    'kitty-ops/.worktrees/a.jsonl',
    '.worktrees/x/kitty-ops/a.jsonl',
  ])('%j', async (path) => {
    const repository = await newRepository()
    const changes = [{ write: [path] }, { remove: [path] }, { index: path }]
    for (const change of changes) {
      const request = requestFor(repository.path, ['kitty-ops/a.jsonl'], change)
      const { result, asked } = await guarded([request])
      expect([result, asked]).toEqual([refused('PATH_POLICY'), false])
    }
  })

  test('a project root that is no worktree but lies under .worktrees/', async () => {
    const { path, write } = await newRepository()
    await write('.worktrees/x/kitty-ops/a.jsonl', '')
    const { result } = await guarded([requestFor(join(path, '.worktrees', 'x'))])
    expect(result).toEqual(refused('PATH_POLICY'))
  })

  test('a worktree under .worktrees/ is a work tree like any other', async () => {
    const repository = await newRepository()
    const path = join(repository.path, '.worktrees', 'x')
    await repository.git('worktree', 'add', '--quiet', '-b', 'x', path)
    expect((await guarded([requestFor(path)])).asked).toBe(true)
  })

  test('the paths it was told, in place of the default', async () => {
    const { path } = await newRepository()
    const allow = ['docs', 'log.jsonl']
    const asked = async (name: string): Promise<boolean> =>
      (await guarded([requestFor(path, [name])], { allow })).asked
    expect(await asked('docs/a.md')).toBe(true)
    expect(await asked('log.jsonl')).toBe(true)
    expect(await asked('docs.md')).toBe(false)
    expect(await asked('kitty-ops/a.jsonl')).toBe(false)
  })

  test('evidence is ours', async () => {
    const { path } = await newRepository()
    const { asked } = await guarded([requestFor(path, ['.kittify/evidence/01/shot.png'])])
    expect(asked).toBe(true)
  })
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

  test('a worktree that was removed in the repository only', async () => {
    const repository = await newRepository()
    const path = await tempFolder()
    await repository.git('worktree', 'add', '--quiet', '-b', 'x', join(path, 'linked'))
    await repository.write('.git/worktrees/linked/gitdir', '/nowhere/.git\n')
    await repository.git('worktree', 'prune')
    const { result, asked } = await guarded([requestFor(join(path, 'linked'))])
    expect([result, asked]).toEqual([refused('NOT_A_WORKTREE'), false])
  })

  test('outside of any repository the inner strategy answers', async () => {
    const root = await tempFolder()
    const guard = safeCommitGuard(directGit(), { destination: 'work' })
    const answer = await guard.commit([requestFor(root)])
    expect(answer).toEqual([{ status: 'skipped', reason: 'no-repository' }])
  })
})

describe('several requests', () => {
  test('the others go on in one call, and the answers keep their order', async () => {
    const { path } = await newRepository()
    const inner = recordingStrategy(true)
    const paths = ['src/a', 'kitty-ops/b', 'src/c', 'kitty-ops/d']
    const requests = paths.map((name) => requestFor(path, [name]))
    const results = await safeCommitGuard(inner).commit(requests)
    expect(inner.calls).toEqual([[requests[1], requests[3]]])
    expect(results).toEqual([
      refused('PATH_POLICY'),
      { status: 'committed', sha: requests[1]?.message },
      refused('PATH_POLICY'),
      { status: 'committed', sha: requests[3]?.message },
    ])
  })

  test('each project root is judged by its own branch', async () => {
    const open = await newRepository()
    const closed = await newRepository({ branch: 'main' })
    const requests = [closed, open, closed].map(({ path }) => requestFor(path))
    const results = await safeCommitGuard(recordingStrategy(true)).commit(requests)
    expect(results.map(({ status }) => status)).toEqual(['refused', 'committed', 'refused'])
  })

  test('an answer that the inner strategy owes is not made up', async () => {
    const { path } = await newRepository()
    const owing = { name: 'owing', commitsOnlyItsPaths: true, commit: async () => [] }
    expect(await safeCommitGuard(owing).commit([requestFor(path)])).toEqual([])
  })
})

test('a project root that is gone is a failure, not an exception', async () => {
  const root = join(await tempFolder(), 'gone')
  const { result, asked } = await guarded([requestFor(root)])
  expect([result?.status, asked]).toEqual(['failed', false])
})
