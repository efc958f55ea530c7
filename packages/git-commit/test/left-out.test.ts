import { newRepository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { openIn, REQUEST } from './support/store.js'

it('a visible open record goes along with git add -A, and is left out if a pathspec excludes it', async () => {
  const repository = await newRepository()
  const ops = await openIn(repository.path, { exclude: false })
  const { path } = await ops.start(REQUEST)
  await repository.write('mine.txt', 'mine\n')
  const staged = () => repository.git('diff', '--cached', '--name-only')
  await repository.git('add', '-A', '--', ':(top,exclude,glob)**/kitty-ops/**')
  expect(await staged()).toBe('mine.txt')
  await repository.git('add', '-A')
  expect((await staged()).split('\n')).toContain(path)
})
