import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import {
  blame,
  commitsWithRecords,
  findReplaced,
  findUnreached,
  linksInGit,
  recordsSince,
} from '../../src/inspect.js'
import { closeOne, storeAt } from '../support/ops.js'

const shasOf = async ({ path: top }: Repository, path: string, line?: number) => {
  const target = line === undefined ? { top, path } : { top, path, line }
  return (await blame(target)).map(({ sha }) => sha)
}

describe('blame', () => {
  it('names the commits of a file and of a line, and refuses what has none', async () => {
    const repository = await newRepository()
    await repository.write('a.txt', 'one\ntwo')
    const one = await repository.commit('One')
    await repository.write('a.txt', 'one\nTWO')
    const two = await repository.commit('Two')
    expect(await shasOf(repository, 'a.txt')).toEqual([one, two])
    expect(await shasOf(repository, 'a.txt', 2)).toEqual([two])
    await repository.write('b.bin', 'a\0b')
    await repository.write('new.txt', 'x')
    const code = (path: string, line?: number) =>
      shasOf(repository, path, line).then(
        () => 'none',
        (error) => error.code,
      )
    expect(await code('a.txt', 3)).toBe('LINE_NOT_FOUND')
    expect(await code('b.bin', 1)).toBe('BINARY_FILE')
    expect(await code('new.txt')).toBe('FILE_NOT_TRACKED')
    expect(await code('gone.txt')).toBe('NOT_FOUND')
    expect(await code('.git')).toBe('NOT_A_FILE')
    const unborn = await newRepository({ unborn: true })
    await unborn.write('a.txt', 'x')
    await expect(shasOf(unborn, 'a.txt')).rejects.toMatchObject({ code: 'NOTHING_COMMITTED' })
  })

  it('ignores the commits that the user lists, and says what to do if the list is not there', async () => {
    const repository = await newRepository()
    await repository.write('a.txt', 'one\n')
    const one = await repository.commit('One')
    await repository.write('a.txt', ' one\n')
    const two = await repository.commit('Format')
    await repository.git('config', 'blame.ignoreRevsFile', '.ignored')
    await expect(shasOf(repository, 'a.txt')).rejects.toMatchObject({
      code: 'GIT_FAILED',
      hint: expect.stringContaining('blame.ignoreRevsFile'),
    })
    await repository.write('.ignored', `${two}\n`)
    expect(await shasOf(repository, 'a.txt')).toEqual([one])
  })

  it('runs no text converter, and counts the lines of the file itself', async () => {
    const repository = await newRepository()
    await repository.write('.gitattributes', '*.txt diff=shout\n')
    await repository.write('a.txt', 'one\ntwo\n')
    const one = await repository.commit('One')
    await repository.git('config', 'diff.shout.textconv', 'echo run > ran; cat /dev/null')
    expect(await shasOf(repository, 'a.txt', 2)).toEqual([one])
    expect(await repository.statusPorcelain()).toEqual([])
  })
})

describe('linked commits', () => {
  it('are found in HEAD and in ledgers, and outside of HEAD when they were replaced', async () => {
    const repository = await newRepository()
    const { path, git, write } = repository
    await write('a.txt', 'a\n')
    await write('b.bin', 'a\0b')
    const old = await repository.commit('Work')
    const ops = await storeAt(repository)
    const op = await ops.start({
      profile_id: 'p',
      action: 'do',
      request_text: 'says "commit_link"',
    })
    await op.complete({ outcome: 'done', commits: [old, '1234567'] })
    const { links, inHead, broken } = await linksInGit(path)
    expect(links.map(({ id, sha }) => [id, sha])).toEqual([
      [op.id, old],
      [op.id, '1234567'],
    ])
    expect([[...inHead], broken]).toEqual([[op.id], []])
    expect((await findUnreached(path, [old])).here).toEqual([])
    await git('checkout', '--quiet', '--orphan', 'other')
    await git('commit', '--quiet', '-m', 'All at once')
    const squash = await repository.head()
    const unreached = await findUnreached(path, [old.slice(0, 12), '1234567'])
    expect([unreached.here, [...unreached.missing]]).toEqual([[old], ['1234567']])
    const replaced = await findReplaced(path, { commits: [squash], paths: ['b.bin'], here: [old] })
    expect([...replaced]).toEqual([[squash, [old]]])
    expect(await findReplaced(path, { commits: [squash], paths: [], here: [] })).toEqual(new Map())
    expect(await commitsWithRecords(path, [squash])).toMatchObject([
      { sha: squash, added: [op.id] },
    ])
    expect((await findUnreached(path, [])).here).toEqual([])
    expect((await linksInGit(await tempFolder())).links).toEqual([])
  })

  it('in a broken ledger are left out, and the ledger is named', async () => {
    const repository = await newRepository()
    await closeOne(await storeAt(repository))
    const ref = 'refs/kitty/ops/01K6ZP4WQ0000000000000000A'
    await repository.write(`.git/${ref}`, `${'1'.repeat(40)}\n`)
    expect((await linksInGit(repository.path)).broken).toEqual([ref])
  })
})

it('records since a revision are those that are new or changed', async () => {
  const repository = await newRepository()
  const ops = await storeAt(repository)
  const before = await closeOne(ops)
  await repository.git('branch', 'base')
  const after = await closeOne(ops)
  const isNew = await recordsSince(repository.path, 'base')
  expect([isNew(before.id), isNew(after.id)]).toEqual([false, true])
  await repository.write(before.path, 'changed\n')
  await repository.commit('Change a record')
  expect((await recordsSince(repository.path, 'base'))(before.id)).toBe(true)
  await expect(recordsSince(repository.path, 'nowhere')).rejects.toMatchObject({
    code: 'REV_NOT_FOUND',
  })
})
