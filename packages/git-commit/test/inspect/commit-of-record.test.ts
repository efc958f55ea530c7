import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { commitOfRecord } from '../../src/inspect/commit-of-record.js'
import { lastCommitOf } from '../../src/repository/last-commit.js'

const [HOT, ARCHIVED] = [newOpId(), newOpId()]

const withRecords = async (repository: Repository, below = ''): Promise<string> => {
  await repository.write(`${below}${recordPath(HOT)}`, closedRecordText({ id: HOT }))
  await repository.write(`${below}${archivedPath(ARCHIVED)}`, closedRecordText({ id: ARCHIVED }))
  return repository.commit('Two Ops')
}

describe('the commit of a record', () => {
  it('is the newest that changed it', async () => {
    const repository = await newRepository()
    const sha = await withRecords(repository)
    await repository.write('other.txt', 'other')
    await repository.commit('Something else')
    const commit = { sha, subject: 'Two Ops', branch: 'work' }
    expect(await commitOfRecord(repository.path, recordPath(HOT))).toEqual(commit)
    expect(await lastCommitOf(repository.path, recordPath(HOT))).toBe(sha)
  })

  it('is found below a project root, whatever the user’s settings for git log', async () => {
    const repository = await newRepository()
    await repository.git('config', 'log.showSignature', 'true')
    const sha = await withRecords(repository, 'sub/')
    await mkdir(join(repository.path, 'sub', 'kitty-ops'), { recursive: true })
    await repository.git('config', 'log.follow', 'true')
    await repository.git('config', 'diff.orderFile', 'no-such-file')
    const commit = await commitOfRecord(join(repository.path, 'sub'), recordPath(HOT))
    expect(commit).toEqual({ sha, subject: 'Two Ops', branch: 'work' })
  })

  it('is not the one that moved it to the archive, if another contains it', async () => {
    const repository = await newRepository()
    const sha = await withRecords(repository)
    await mkdir(dirname(join(repository.path, archivedPath(HOT))), { recursive: true })
    await repository.git('mv', recordPath(HOT), archivedPath(HOT))
    await repository.commit('Archive')
    const commit = { sha, subject: 'Two Ops', branch: 'work' }
    expect(await commitOfRecord(repository.path, archivedPath(HOT))).toEqual(commit)
    expect(await commitOfRecord(repository.path, archivedPath(ARCHIVED))).toEqual(commit)
  })

  it('is not one that removed it, here or on another branch, before or after it was archived', async () => {
    const repository = await newRepository()
    const { git, path, head } = repository
    const sha = await withRecords(repository)
    await git('revert', '--no-edit', 'HEAD')
    const commit = { sha, subject: 'Two Ops', branch: 'work' }
    expect(await commitOfRecord(path, recordPath(HOT))).toEqual(commit)
    expect(await commitOfRecord(path, archivedPath(ARCHIVED))).toEqual(commit)
    await git('revert', '--no-edit', 'HEAD')
    const again = { sha: await head(), branch: 'work' }
    await git('rm', '--quiet', '-r', 'kitty-ops')
    await repository.commit('Remove all')
    expect(await commitOfRecord(path, recordPath(HOT))).toMatchObject(again)
    await git('checkout', '--quiet', '--orphan', 'other')
    await repository.commit('Another history')
    expect(await commitOfRecord(path, recordPath(HOT))).toMatchObject(again)
  })

  it('is found on a branch that is not checked out, also on a fetched one, with that branch', async () => {
    const repository = await newRepository()
    await repository.git('switch', '--quiet', '--create', 'feature/a')
    const sha = await withRecords(repository)
    await repository.git('switch', '--quiet', 'work')
    const commit = { sha, subject: 'Two Ops', branch: 'feature/a' }
    expect(await commitOfRecord(repository.path, recordPath(HOT))).toEqual(commit)
    const clone = join(await tempFolder(), 'clone')
    await repository.git('clone', '--quiet', '.', clone)
    const fetched = { ...commit, branch: 'origin/feature/a' }
    expect(await commitOfRecord(clone, recordPath(HOT))).toEqual(fetched)
    await repository.git('branch', '-D', 'feature/a')
    expect(await commitOfRecord(repository.path, recordPath(HOT))).toBeUndefined()
  })

  it('on a detached HEAD is on a branch that has it, if there is one', async () => {
    const repository = await newRepository()
    await repository.git('switch', '--quiet', '--detach')
    const sha = await withRecords(repository)
    const found = () => commitOfRecord(repository.path, recordPath(HOT))
    const commit = { sha, subject: 'Two Ops' }
    expect(await found()).toEqual({ ...commit, branch: undefined })
    await repository.git('update-ref', 'refs/remotes/origin/agent', sha)
    expect(await found()).toEqual({ ...commit, branch: 'origin/agent' })
    await repository.git('branch', 'kept')
    expect(await found()).toEqual({ ...commit, branch: 'kept' })
  })

  it('can have no subject', async () => {
    const repository = await newRepository()
    await repository.write(recordPath(HOT), closedRecordText({ id: HOT }))
    await repository.git('add', '.')
    await repository.git('commit', '--quiet', '--allow-empty-message', '-m', '')
    const commit = await commitOfRecord(repository.path, recordPath(HOT))
    expect(commit).toEqual({ sha: await repository.head(), subject: '', branch: 'work' })
  })

  it('is undefined for a record that was never committed, before the first commit, and outside git', async () => {
    const repository = await newRepository()
    expect(await commitOfRecord(repository.path, recordPath(HOT))).toBeUndefined()
    const unborn = await newRepository({ unborn: true })
    expect(await commitOfRecord(unborn.path, recordPath(HOT))).toBeUndefined()
    expect(await commitOfRecord(await tempFolder(), recordPath(HOT))).toBeUndefined()
  })
})
