import { newRepository, type Repository } from '@kitty/test-kit'
import type { CommitStrategy } from '@kitty/writer'
import { describe, expect, test } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import type { DirectGitOptions } from '../../src/direct-git-options.js'
import { safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { refused } from '../support/guarded.js'
import { opRequest } from '../support/requests.js'

/** Direct git, with something that happens between the guard's check and the commit. */
const after = (fn: () => Promise<unknown>, options: DirectGitOptions = {}): CommitStrategy => {
  const direct = directGit(options)
  return {
    ...direct,
    commit: async (root, requests) => {
      await fn()
      return direct.commit(root, requests)
    },
  }
}

const commit = async (repository: Repository, inner: CommitStrategy = directGit()) => {
  const [result] = await safeCommitGuard(inner).commit(repository.path, [
    await opRequest(repository),
  ])
  return result
}

const onProtected = () => newRepository({ branch: 'main' })

describe('a protected branch under another name', () => {
  test('HEAD names a symbolic ref to it', async () => {
    const repository = await onProtected()
    await repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main')
    await repository.git('symbolic-ref', 'refs/heads/alias-of-alias', 'refs/heads/alias')
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias-of-alias')
    expect(await commit(repository)).toEqual(refused('PROTECTED_BRANCH'))
  })

  test('symbolic refs that form a circle are not followed forever', async () => {
    const repository = await onProtected()
    await repository.write('.git/refs/heads/here', 'ref: refs/heads/there\n')
    await repository.write('.git/refs/heads/there', 'ref: refs/heads/here\n')
    await repository.write('.git/HEAD', 'ref: refs/heads/here\n')
    expect(await commit(repository)).not.toMatchObject({ status: 'committed' })
  })

  test.skipIf(process.platform === 'win32')('HEAD is a symbolic link to it', async () => {
    const repository = await onProtected()
    await repository.git('config', 'core.preferSymlinkRefs', 'true')
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/main')
    expect(await commit(repository)).toEqual(refused('PROTECTED_BRANCH'))
    await repository.git('pack-refs', '--all')
    expect(await commit(repository)).toEqual(refused('PROTECTED_BRANCH'))
    await repository.git('switch', '--quiet', '--create', 'feature-x')
    expect(await commit(repository)).toMatchObject({ status: 'committed' })
    await repository.git('switch', '--quiet', '--orphan', 'feature-y')
    expect(await commit(repository)).toMatchObject({ status: 'committed' })
  })
})

describe('after the guard has checked', () => {
  test.each(['defer', 'commit'] as const)('HEAD is no longer detached: %s', async (detached) => {
    const repository = await onProtected()
    await repository.git('checkout', '--quiet', '--detach')
    const tip = await repository.head()
    const back = () => repository.git('checkout', '--quiet', 'main')
    const result = await commit(repository, after(back, { detached }))
    expect(result).toMatchObject({ status: 'deferred', reason: 'head-moved' })
    expect(await repository.head()).toBe(tip)
  })

  test('HEAD is detached as before, and the commit was asked for', async () => {
    const repository = await onProtected()
    await repository.git('checkout', '--quiet', '--detach')
    const result = await commit(repository, directGit({ detached: 'commit' }))
    expect(result).toMatchObject({ status: 'committed' })
  })
})
