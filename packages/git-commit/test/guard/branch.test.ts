import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, test } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { guarded, refused } from '../support/guarded.js'
import { opRequest, requestFor } from '../support/requests.js'

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

  test('without one, the inner strategy decides on a detached HEAD', async () => {
    const { path, git } = await newRepository()
    await git('checkout', '--detach')
    expect((await guarded([requestFor(path)])).asked).toBe(true)
  })

  test.each(['work', undefined])('on it, the request is passed on: %j', async (destination) => {
    const { path } = await newRepository()
    const options = destination === undefined ? {} : { destination }
    expect((await guarded([requestFor(path)], options)).asked).toBe(true)
  })

  test('an unborn branch counts by its name', async () => {
    const { path } = await newRepository({ unborn: true })
    expect((await guarded([requestFor(path)], { destination: 'work' })).asked).toBe(true)
  })

  test('if git cannot say whether it exists, the result is a failure', async () => {
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

  test('opened by the given environment', async () => {
    const { path } = await onMain()
    const env = { SPEC_KITTY_ALLOW_PROTECTED_BRANCH_COMMITS: '1' }
    expect((await guarded([requestFor(path)], { env })).asked).toBe(true)
  })

  test('opened by an empty list', async () => {
    const { path, write } = await onMain()
    await write('.kittify/config.yaml', 'protection: { protected_branches: [] }\n')
    expect((await guarded([requestFor(path)])).asked).toBe(true)
  })

  test('a list that cannot be read refuses everything', async () => {
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

  test('is checked once for all requests', async () => {
    const repository = await onMain()
    const requests = await Promise.all([1, 2, 3].map(() => opRequest(repository)))
    const results = await safeCommitGuard(directGit()).commit(repository.path, requests)
    expect(results.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused'])
    expect(new Set(results).size).toBe(1)
    expect(await repository.log()).toEqual(['First commit'])
  })
})
