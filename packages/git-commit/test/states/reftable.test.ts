import {
  configureRepository,
  newRepository,
  type Repository,
  repositoryAt,
  tempFolder,
  tryGitIn,
} from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { readWorkTree } from '../../src/repository/work-tree.js'
import { expectCommitted } from '../support/expect-committed.js'
import { when, withShim } from '../support/git-shim.js'
import { closeOne, storeAt } from '../support/ops.js'

/** Refs in a database; `undefined` if the installed git does not support that. */
const withReftable = async (): Promise<Repository | undefined> => {
  const path = await tempFolder()
  const made = await tryGitIn(path, ['init', '--quiet', '--ref-format=reftable'])
  if (made.exitCode !== 0) return undefined
  await configureRepository(path)
  const repository = repositoryAt(path)
  await repository.commit('First commit')
  return repository
}

/** The same for HEAD only, with a git that answers for it. */
const asIfReftable = async (repository: Repository, fn: () => Promise<void>): Promise<void> => {
  const sha = await repository.head()
  await repository.write('.git/HEAD', 'ref: refs/heads/.invalid\n')
  const isDetached = when('symbolic-ref', 'exit 1', 'always')
  await withShim(`${isDetached}\n${when('rev-parse', `echo ${sha}; exit 0`, 'always')}`, fn)
}

describe.skipIf(process.platform === 'win32')('a detached HEAD in a database', () => {
  it('is resolved to its commit', async () => {
    const repository = await newRepository()
    const sha = await repository.head()
    await asIfReftable(repository, async () => {
      const workTree = await readWorkTree(repository.path)
      expect(workTree?.head).toEqual({ kind: 'detached', sha })
    })
    const real = await withReftable()
    if (real === undefined) return
    const ops = await storeAt(real, { detached: 'commit' })
    await expectCommitted(real, ops, await closeOne(ops))
    await real.git('checkout', '--quiet', '--detach')
    const workTree = await readWorkTree(real.path)
    expect(workTree?.head).toEqual({ kind: 'detached', sha: await real.head() })
    await expectCommitted(real, ops, await closeOne(ops))
  })
})
