import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { refLockPaths } from '../../src/inspect.js'

it('the locks of refs are those of HEAD and of the branch that is checked out', async () => {
  const repository = await newRepository()
  const lock = (name: string) => join(repository.path, '.git', `${name}.lock`)
  const paths = async () => (await refLockPaths(repository.path)).toSorted()
  expect(await paths()).toEqual([lock('HEAD'), lock('refs/heads/work')])
  await repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/work')
  await repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias')
  expect(await paths()).toEqual([lock('HEAD'), lock('refs/heads/alias'), lock('refs/heads/work')])
})

it('the lock of a detached HEAD is the only one', async () => {
  const repository = await newRepository()
  await repository.git('checkout', '--quiet', '--detach')
  expect(await refLockPaths(repository.path)).toEqual([join(repository.path, '.git', 'HEAD.lock')])
})

it('a folder outside git has no locks of refs', async () => {
  expect(await refLockPaths(await tempFolder())).toEqual([])
})
