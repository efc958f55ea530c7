import { isGitOlder, newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { expectCommitted } from '../support/expect-committed.js'
import { answerOf, closeOne, startOne, storeAt } from '../support/ops.js'
import { cloneOf } from '../support/places.js'
import { templateOf } from '../support/template.js'

const withFolders = templateOf(async () => {
  const files = {
    'a/file.txt': 'a\n',
    'b/file.txt': 'b\n',
    'b/deep/file.txt': 'b\n',
    'top.txt': '',
  }
  const repository = await newRepository({ files })
  const ops = await storeAt(repository)
  await closeOne(ops)
  return repository
})

/** In two steps: `set` alone takes these flags from git 2.35 on. */
const sparse =
  (flags: readonly string[], ...args: readonly string[]) =>
  async ({ git }: Repository) => {
    await git('sparse-checkout', 'init', ...flags)
    await git('sparse-checkout', 'set', ...args)
  }

const CONE = ['--cone']
const SPARSE_INDEX = isGitOlder('2.32') ? CONE : ['--cone', '--sparse-index']

const WAYS: Readonly<Record<string, (repository: Repository) => Promise<unknown>>> = {
  'a cone without our folder': sparse(CONE, 'a'),
  'a cone with our folder': sparse(CONE, 'a', 'kitty-ops'),
  'patterns without our folder': sparse(['--no-cone'], '/a/', '/top.txt'),
  'patterns that leave out records': sparse(['--no-cone'], '/*', '!/kitty-ops/*.jsonl'),
  'a sparse index without our folder': sparse(SPARSE_INDEX, 'a'),
  'a sparse index with our folder': sparse(SPARSE_INDEX, 'a', 'kitty-ops'),
  'files that are there although they should not': async (repository) => {
    await sparse(CONE, 'a')(repository)
    await repository.git('config', 'sparse.expectFilesOutsideOfPatterns', 'true')
    await repository.write('b/file.txt', 'unseen\n')
  },
}

/** What is checked out and what not, with folders that the index holds as one entry. */
const shapeOf = async ({ git }: Repository): Promise<string[]> => {
  const flags = isGitOlder('2.36') ? [] : ['--sparse']
  const entries = (await git('ls-files', ...flags, '-t')).split('\n')
  return entries.filter((entry) => !entry.includes('kitty-ops'))
}

describe.each(Object.entries(WAYS))('%s', (way, prepare) => {
  it('takes Ops, and stays as sparse as it is', async ({ skip }) => {
    skip(way.includes('sparse index') && isGitOlder('2.32'), 'git before 2.32 has no sparse index')

    const repository = await withFolders()
    await prepare(repository)
    await repository.write('a/file.txt', 'staged\n')
    await repository.git('add', 'a/file.txt')
    const look = async () => [
      await shapeOf(repository),
      await repository.stagedState(['kitty-ops']),
    ]
    const before = await look()
    const ops = await storeAt(repository)
    const closed = [await closeOne(ops), await closeOne(ops)]
    for (const each of closed) await expectCommitted(repository, ops, each)
    expect(await look()).toEqual(before)
    await repository.git('sparse-checkout', 'reapply')
    await repository.git('sparse-checkout', 'disable')
    for (const each of closed) await expectCommitted(repository, ops, each)
  })
})

describe('an Op that is open when the checkout becomes sparse', () => {
  it('is closed and committed', async () => {
    const repository = await withFolders()
    const ops = await storeAt(repository)
    const { id } = await startOne(ops)
    await repository.tryGit('sparse-checkout', 'init', '--cone')
    await repository.tryGit('sparse-checkout', 'set', 'a')
    const closed = await ops.complete(id, { outcome: 'done' })
    expect(answerOf(closed)).toBe('committed')
    await repository.git('sparse-checkout', 'disable')
    await expectCommitted(repository, ops, closed)
  })
})

describe('a sparse clone without blobs', () => {
  it('takes Ops when nothing can be fetched any more', async () => {
    const repository = await cloneOf('--filter=blob:none', '--sparse')
    await sparse(SPARSE_INDEX, 'a')(repository)
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
  })
})
