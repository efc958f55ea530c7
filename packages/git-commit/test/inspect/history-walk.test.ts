import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { workCommit } from '../../src/inspect/commits.js'
import {
  blobsOf,
  filesAtTip,
  findHistory,
  findMergeBases,
  readShallowBoundary,
  resolveRevision,
  walkHistory,
} from '../../src/inspect.js'
import { closeOne, storeAt } from '../support/ops.js'

describe('a history', () => {
  it('is walked with its merges, oldest first, the records by their blobs', async () => {
    const repository = await newRepository()
    const ops = await storeAt(repository)
    const first = await closeOne(ops)
    await repository.git('checkout', '--quiet', '-b', 'side')
    const second = await closeOne(ops)
    await repository.git('checkout', '--quiet', 'work')
    await repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'side')
    const place = await findHistory(repository.path)
    const commits = await walkHistory(place, undefined)
    const subjects = commits.map(({ message }) => message.split('\n')[0])
    expect(subjects.filter((subject) => subject?.startsWith('op('))).toHaveLength(2)
    const files = await filesAtTip(place)
    expect([...files.keys()]).toEqual(expect.arrayContaining([first.path, second.path]))
    const ids = [...files.values()].map(({ blob }) => blob)
    const read: string[] = []
    for await (const { id } of blobsOf(place, ids)) read.push(id)
    expect(read.sort()).toEqual([...new Set(ids)].sort())
    const since = await walkHistory(place, await resolveRevision(repository.path, 'HEAD^'))
    expect(since.length).toBeLessThan(commits.length)
  })

  it.each([
    { where: 'at the top', root: '' },
    { where: 'below the top', root: 'sub/' },
  ])('includes what its commits changed elsewhere, $where', async ({ root }) => {
    const repository = await newRepository()
    await repository.write(`${root}.kittify/x`, '')
    const own = `${root}kitty-ops/x.jsonl`
    await repository.write(own, '1\n')
    await repository.commit('Alone')
    await repository.write('beside.txt', 'x\n')
    await repository.commit('Elsewhere')
    await repository.write(own, '2\n')
    await repository.write('beside.txt', 'y\n')
    await repository.write(`${root}deep/down.txt`, 'y\n')
    await repository.commit('Both')
    const place = await findHistory(join(repository.path, root))
    const commits = await walkHistory(place)
    expect(
      commits.map(({ message, changes }) => [message.trim(), changes.map(({ path }) => path)]),
    ).toEqual([
      ['Alone', [own, `${root}.kittify/x`]],
      ['Both', [own, 'beside.txt', `${root}deep/down.txt`]],
    ])
  })

  it('has merge bases with another: one, several or none', async () => {
    const repository = await newRepository()
    const { git } = repository
    await git('checkout', '--quiet', '-b', 'side')
    await repository.write('theirs.txt', 'x\n')
    const theirs = await repository.commit('Theirs')
    await git('checkout', '--quiet', 'work')
    await repository.write('ours.txt', 'x\n')
    const ours = await repository.commit('Ours')
    await git('merge', '--quiet', '--no-ff', '-m', 'One', theirs)
    const one = await repository.head()
    const place = await findHistory(repository.path)
    expect(await findMergeBases(place, theirs)).toEqual([theirs])
    await git('checkout', '--quiet', 'side')
    await git('merge', '--quiet', '--no-ff', '-m', 'Other', ours)
    const crossed = await findMergeBases(await findHistory(repository.path), one)
    expect([...crossed].sort()).toEqual([ours, theirs].sort())
    await git('checkout', '--quiet', '--orphan', 'alone')
    await git('commit', '--quiet', '-m', 'Alone')
    expect(await findMergeBases(await findHistory(repository.path), one)).toEqual([])
  })

  it('can be shallow, empty or missing', async () => {
    const repository = await newRepository()
    await closeOne(await storeAt(repository))
    const clone = await tempFolder()
    await repository.git('clone', '--quiet', '--depth', '1', `file://${repository.path}`, clone)
    const place = await findHistory(clone)
    expect(place.isShallow).toBe(true)
    expect((await readShallowBoundary(place)).size).toBe(1)
    const unborn = await newRepository({ unborn: true })
    const nothing = await findHistory(unborn.path)
    expect(await walkHistory(nothing, undefined)).toEqual([])
    expect((await filesAtTip(nothing)).size).toBe(0)
    await expect(findHistory(await tempFolder())).rejects.toMatchObject({ code: 'NO_REPOSITORY' })
    await expect(resolveRevision(clone, 'nowhere')).rejects.toMatchObject({ code: 'REV_NOT_FOUND' })
  })
})

describe('the newest commit of work', () => {
  it('is found behind those of Ops and those that change records only', async () => {
    const repository = await newRepository()
    const { path } = repository
    await repository.git('commit', '--quiet', '--allow-empty', '-m', 'An idea')
    const idea = await repository.head()
    await closeOne(await storeAt(repository))
    expect(await workCommit(path, await repository.head())).toBe(idea)
    await repository.write('a.txt', 'a\n')
    const work = await repository.commit('Work')
    await closeOne(await storeAt(repository))
    await repository.write('kitty-ops/note.txt', 'x\n')
    await repository.commit('A note beside the records')
    await closeOne(await storeAt(repository))
    expect(await workCommit(path, await repository.head())).toBe(work)
    expect(await workCommit(path, work)).toBe(work)
    await repository.write('kitty-ops/note.txt', 'y\n')
    await repository.write('b.txt', 'b\n')
    const both = await repository.commit('Work, and a note')
    expect(await workCommit(path, both)).toBe(both)
  })

  it('can be a merge, whose other side is not searched', async () => {
    const repository = await newRepository()
    await repository.git('checkout', '--quiet', '-b', 'side')
    await repository.write('side.txt', 'x\n')
    await repository.commit('Aside')
    await repository.git('checkout', '--quiet', 'work')
    await repository.write('a.txt', 'a\n')
    await repository.commit('Work')
    await repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'side')
    const merge = await repository.head()
    await closeOne(await storeAt(repository))
    expect(await workCommit(repository.path, await repository.head())).toBe(merge)
  })

  it('can be missing', async () => {
    const repository = await newRepository({ unborn: true })
    await closeOne(await storeAt(repository))
    expect(await workCommit(repository.path, await repository.head())).toBeUndefined()
  })
})

describe('a place without history of Ops', () => {
  it('has none to walk, to read or to share on an unborn branch', async () => {
    const repository = await newRepository()
    const head = await repository.head()
    await repository.git('symbolic-ref', 'HEAD', 'refs/heads/unborn')
    const place = await findHistory(repository.path)
    expect(place.tip).toBeUndefined()
    expect(await walkHistory(place)).toEqual([])
    expect(await filesAtTip(place)).toEqual(new Map())
    expect(await findMergeBases(place, head)).toEqual([])
    expect(await readShallowBoundary(place)).toEqual(new Set())
  })

  it('has none if no commit has records', async () => {
    const repository = await newRepository()
    await repository.write('file.txt', 'x\n')
    await repository.commit('No record')
    const place = await findHistory(repository.path)
    expect(await walkHistory(place)).toEqual([])
    expect(await filesAtTip(place)).toEqual(new Map())
  })
})

it('a bare clone has the same history as a work tree', async () => {
  const repository = await newRepository()
  await closeOne(await storeAt(repository))
  const bare = join(await tempFolder(), 'bare.git')
  await repository.git('clone', '--quiet', '--bare', repository.path, bare)
  const [here, there] = [await findHistory(repository.path), await findHistory(bare)]
  const commits = await walkHistory(there)
  expect(commits.length).toBeGreaterThan(0)
  expect(commits).toEqual(await walkHistory(here))
  expect(await filesAtTip(there)).toEqual(await filesAtTip(here))
})
