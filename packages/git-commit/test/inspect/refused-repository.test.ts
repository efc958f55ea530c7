import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'
import { describe, expect, it } from 'vitest'
import { commitOfRecord } from '../../src/inspect/commit-of-record.js'
import { findHistory } from '../../src/inspect/find-history.js'
import { recordsInHead } from '../../src/inspect/records-in-head.js'
import { lastCommitOf } from '../../src/repository/last-commit.js'
import { closeOne, storeAt } from '../support/ops.js'
import { ANOTHER_USER, giveTo } from '../support/ordinary-user.js'

const id = newOpId()

const withRecord = async (): Promise<Repository> => {
  const repository = await newRepository()
  await repository.write(recordPath(id), closedRecordText({ id }))
  await repository.commit('An Op')
  return repository
}

describe('a repository that git refuses', () => {
  it('returns no commits, and says why', async () => {
    const repository = await withRecord()
    await repository.write('.git/HEAD', 'rubbish\n')
    const failed = { code: 'GIT_FAILED' }
    await expect(commitOfRecord(repository.path, recordPath(id))).rejects.toMatchObject(failed)
    await expect(findHistory(repository.path)).rejects.toMatchObject(failed)
    expect(await lastCommitOf(repository.path, recordPath(id))).toBeUndefined()
  })

  it('was made by a newer git, and says so', async () => {
    const repository = await withRecord()
    const ops = await storeAt(repository)
    await repository.git('config', 'core.repositoryFormatVersion', '1')
    await repository.git('config', 'extensions.notYetKnown', 'true')
    const refused = { code: 'GIT_FAILED', hint: expect.stringContaining('too old') }
    expect((await closeOne(ops)).commit).toMatchObject({ status: 'failed', ...refused })
    await expect(recordsInHead(repository.path)).rejects.toMatchObject(refused)
    await expect(findHistory(repository.path)).rejects.toMatchObject(refused)
  })

  it.each([
    ['an object that is not there', `${'1'.repeat(40)}\n`],
    ['nothing', ''],
  ])('has a branch that leads to %s, and is not taken for a new one', async (_, ref) => {
    const repository = await newRepository()
    await repository.write('.git/refs/heads/work', ref)
    await expect(findHistory(repository.path)).rejects.toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringContaining('git could not find the history'),
    })
  })

  it.skipIf(process.getuid?.() !== 0)('is another user’s, and says what to do', async () => {
    const repository = await withRecord()
    await giveTo(ANOTHER_USER, repository.path)
    const refused = { code: 'UNSAFE_DIRECTORY', hint: expect.stringContaining('safe.directory') }
    await expect(commitOfRecord(repository.path, recordPath(id))).rejects.toMatchObject(refused)
    await expect(recordsInHead(repository.path)).rejects.toMatchObject(refused)
    await expect(findHistory(repository.path)).rejects.toMatchObject(refused)
    await giveTo(0, repository.path)
  })

  it.skipIf(process.getuid?.() !== 0)('is another user’s and bare', async () => {
    const repository = await withRecord()
    const bare = await tempFolder()
    await repository.git('clone', '--quiet', '--bare', repository.path, bare)
    expect(await findHistory(bare)).toMatchObject({ prefix: '' })
    await giveTo(ANOTHER_USER, bare)
    await expect(findHistory(bare)).rejects.toMatchObject({ code: 'UNSAFE_DIRECTORY' })
    await giveTo(0, bare)
  })
})
