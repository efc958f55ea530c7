import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { DONE, expectOnce, openIn, REQUEST } from '../support/store.js'

describe('a started Op survives', () => {
  it.each([
    ['git stash --all', ['stash', '--all']],
    ['git clean', ['clean', '-fdxq']],
  ])('%s: its close writes the record again and commits it', async (_, args) => {
    const repository = await newRepository()
    const ops = await openIn(repository.path)
    const { id, path } = await ops.start(REQUEST)
    const started = await repository.read(path)
    await repository.git(...args)
    const completion = await ops.complete(id, DONE)
    expect(completion).toMatchObject({
      notes: [expect.stringContaining('restored')],
      commit: { status: 'committed' },
    })
    expect((await repository.read(path)).startsWith(started)).toBe(true)
    await expectOnce(repository, [id])
  })

  it('a change of branch, and is committed to the branch of its close', async () => {
    const repository = await newRepository()
    const ops = await openIn(repository.path)
    const { id } = await ops.start(REQUEST)
    await repository.git('checkout', '--quiet', '-b', 'other')
    await ops.complete(id, DONE)
    await expectOnce(repository, [id])
    expect(await repository.git('log', '--format=%s', 'work')).toBe('First commit')
  })
})

describe('closed Ops', () => {
  it('are back, 100 of 100, after git clean and a checkout', async () => {
    const repository = await newRepository()
    const ops = await openIn(repository.path)
    const started = await Promise.all(Array.from({ length: 100 }, () => ops.start(REQUEST)))
    await Promise.all(started.map(({ id }) => ops.complete(id, DONE)))
    const read = ({ path }: { path: string }) => readFile(join(repository.path, path))
    const before = await Promise.all(started.map(read))
    await repository.git('clean', '-fdxq', 'kitty-ops/')
    await repository.git('rm', '-rq', '--cached', 'kitty-ops')
    await repository.git('clean', '-fdxq', 'kitty-ops/')
    await repository.git('reset', '-q')
    await repository.git('checkout', '--quiet', 'kitty-ops/')
    expect(await Promise.all(started.map(read))).toEqual(before)
  })
})
