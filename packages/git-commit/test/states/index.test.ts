import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { leaveWork, withBranches } from '../support/branches.js'
import { expectBytes, expectCommitted } from '../support/expect-committed.js'
import { closeOne, startOne, storeAt } from '../support/ops.js'
import { templateOf } from '../support/template.js'

const branches = templateOf(withBranches)

const INDEX = 'kitty-ops/ops-index.jsonl'

type Prepare = (repository: Repository) => Promise<unknown>

const config =
  (...settings: readonly (readonly [string, string])[]): Prepare =>
  async ({ git }) => {
    for (const [name, value] of settings) await git('config', name, value)
    await git('update-index', '--force-write-index')
  }

const KINDS: Readonly<Record<string, Prepare>> = {
  'a plain index': async () => undefined,
  'version 4': ({ git }) => git('update-index', '--index-version', '4'),
  'a split index': config(['core.splitIndex', 'true'], ['splitIndex.maxPercentChange', '90']),
  'a split index that is joined again and again': config(
    ['core.splitIndex', 'true'],
    ['splitIndex.maxPercentChange', '0'],
  ),
  'many files, as git calls it': config(['feature.manyFiles', 'true']),
  'an untracked cache': ({ git }) => git('update-index', '--untracked-cache'),
  'no index at all': ({ git }) => git('read-tree', '--empty'),
  'a conflict': ({ tryGit }) => tryGit('merge', 'other'),
}

const MARKS: Readonly<Record<string, Prepare>> = {
  'half of a file staged': leaveWork,
  'a file to be added later': async (repository) => {
    await repository.write('later.txt', 'later\n')
    await repository.git('add', '--intent-to-add', 'later.txt')
  },
  'an assume-unchanged file': async (repository) => {
    await repository.git('update-index', '--assume-unchanged', 'file.txt')
    await repository.write('file.txt', 'unseen\n')
  },
  'a skip-worktree file': async (repository) => {
    await repository.git('update-index', '--skip-worktree', 'file.txt')
    await repository.write('file.txt', 'unseen\n')
  },
  'a file staged to be removed': ({ git }) => git('rm', '--quiet', '--cached', 'mine.txt'),
  'a staged rename': ({ git }) => git('mv', 'mine.txt', 'yours.txt'),
  'a staged mode': ({ git }) => git('update-index', '--chmod=+x', 'mine.txt'),
  'a file that was changed just now': (repository) => repository.write('mine.txt', 'MINE\n'),
}

describe.each(Object.entries(KINDS))('%s', (_, prepare) => {
  it('and all that is in it stays as it is', async () => {
    const repository = await branches()
    await prepare(repository)
    const before = await repository.stagedState(['kitty-ops'])
    const ops = await storeAt(repository)
    const closed = [await closeOne(ops), await closeOne(ops)]
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
    for (const each of closed) await expectCommitted(repository, ops, each)
    expect((await repository.tryGit('fsck', '--strict')).exitCode).toBe(0)
  })
})

describe.each(Object.entries(MARKS))('%s', (_, prepare) => {
  it('stays as it is', async () => {
    const repository = await branches()
    await prepare(repository)
    const before = await repository.stagedState(['kitty-ops'])
    const ops = await storeAt(repository)
    await expectCommitted(repository, ops, await closeOne(ops))
    expect(await repository.stagedState(['kitty-ops'])).toEqual(before)
  })
})

describe('what the user did to our own paths', () => {
  it.each(['assume-unchanged', 'skip-worktree'])('%s index cache', async (flag) => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, { commitOpsIndex: true })
    await closeOne(ops)
    await repository.git('update-index', `--${flag}`, INDEX)
    await expectCommitted(repository, ops, await closeOne(ops))
    await expectBytes(repository, INDEX, await readFile(join(repository.path, INDEX)))
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('')
  })

  it('an index cache that is staged to be removed', async () => {
    const repository = await branches()
    const ops = await storeAt(repository, {}, { commitOpsIndex: true })
    await closeOne(ops)
    await repository.git('rm', '--quiet', '--cached', INDEX)
    await expectCommitted(repository, ops, await closeOne(ops))
    await expectBytes(repository, INDEX, await readFile(join(repository.path, INDEX)))
  })

  it('an index cache in conflict is the user’s to solve', async () => {
    const repository = await branches()
    for (const branch of ['other', 'work']) {
      await repository.git('checkout', '--quiet', '-f', branch)
      await repository.write(INDEX, `{"on":"${branch}"}\n`)
      await repository.write('file.txt', 'the same\n')
      await repository.commit(`Index on ${branch}`)
    }
    await repository.tryGit('merge', 'other')
    const before = [await repository.read(INDEX), await repository.git('ls-files', '--unmerged')]
    const ops = await storeAt(repository)
    const { commit } = await closeOne(ops)
    expect(commit.status).toBe('committed')
    expect([await repository.read(INDEX), await repository.git('ls-files', '-u')]).toEqual(before)
    await repository.git('merge', '--abort')
  })

  it('an open record that is to be added later', async () => {
    const repository = await branches()
    const ops = await storeAt(repository)
    const { id, path } = await startOne(ops)
    await repository.git('add', '--force', '--intent-to-add', path)
    await expectCommitted(repository, ops, await ops.complete(id, { outcome: 'failed' }))
  })
})
