import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  configureRepository,
  newRepository,
  type Repository,
  repositoryAt,
  tempFolder,
  tryGitIn,
} from '@kitty/test-kit'
import { openOps } from '@kitty/writer'
import { describe, expect, it } from 'vitest'
import { directGit } from '../../src/direct-git.js'
import { withLedger } from '../../src/ledger/with-ledger.js'
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

describe('the lock of a database', () => {
  it('that another process holds for a moment is waited for, by the branch and the ledger', async ({
    skip,
  }) => {
    const repository = await withReftable()
    if (repository === undefined) return skip('This git has no reftable format.')
    const ops = await openOps({ root: repository.path, strategy: withLedger(directGit()) })
    const lock = join(repository.path, '.git', 'reftable', 'tables.list.lock')
    await writeFile(lock, '')
    const closing = closeOne(ops)
    await sleep(1_000)
    await rm(lock)
    const { commit } = await closing
    expect(commit).toMatchObject({ status: 'committed', ledger: { status: 'committed' } })
  })
})

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
