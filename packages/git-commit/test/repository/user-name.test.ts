import { newRepository } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { userName } from '../../src/inspect.js'
import { withEnv } from '../support/with-env.js'

it('the name of the user is the one that git has for the folder', async () => {
  const { path, git } = await newRepository()
  await git('config', 'user.name', ' Ursula Ünal ')
  expect(await userName(path)).toBe('Ursula Ünal')
})

it('a name that is not set, or blank, is undefined', async () => {
  const { path, git } = await newRepository()
  await git('config', 'user.name', ' ')
  expect(await userName(path)).toBeUndefined()
  await git('config', '--unset-all', 'user.name')
  expect(await userName(path)).toBeUndefined()
})

it('without git there is no name, and no error', async () => {
  const { path } = await newRepository()
  expect(await withEnv({ PATH: '' }, () => userName(path))).toBeUndefined()
})
