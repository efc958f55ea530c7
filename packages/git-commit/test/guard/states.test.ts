import { newRepository, type Repository } from '@kitty/test-kit'
import { expect, test } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { safeCommitGuard } from '../../src/guard/safe-commit-guard.js'
import { opRequest } from '../support/requests.js'

/** `work` and `other` are in conflict. */
const inConflict = async (branch = 'work'): Promise<Repository> => {
  const repository = await newRepository({ branch, files: { f: 'base\n' } })
  await repository.git('checkout', '--quiet', '-b', 'other')
  await repository.write('f', 'theirs\n')
  await repository.commit('Theirs')
  await repository.git('checkout', '--quiet', branch)
  await repository.write('f', 'ours\n')
  await repository.commit('Ours')
  return repository
}

const answer = async (repository: Repository, destination: string): Promise<string> => {
  const guard = safeCommitGuard(directGit(), { destination })
  const [result] = await guard.commit(repository.path, [await opRequest(repository)])
  if (result?.status === 'deferred') return result.reason
  return result?.status === 'refused' ? result.code : String(result?.status)
}

test('the inner strategy decides during a rebase, although HEAD is detached', async () => {
  const repository = await inConflict()
  await repository.tryGit('rebase', 'other')
  expect(await answer(repository, 'work')).toBe('rebase')
  await repository.git('rebase', '--abort')
  expect(await answer(repository, 'work')).toBe('committed')
})

test('a merge on the declared branch commits', async () => {
  const repository = await inConflict()
  await repository.tryGit('merge', 'other')
  expect(await answer(repository, 'work')).toBe('committed')
})

test('a sequence on a protected branch is refused, not deferred', async () => {
  const repository = await inConflict('main')
  await repository.tryGit('cherry-pick', 'other~1', 'other')
  expect(await answer(repository, 'main')).toBe('PROTECTED_BRANCH')
})
