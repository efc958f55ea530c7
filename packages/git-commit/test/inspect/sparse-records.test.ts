import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { sparseRecords } from '../../src/inspect.js'
import { closeOne, storeAt } from '../support/ops.js'

it('only what a sparse checkout keeps out of the work tree is read from git', async () => {
  const repository = await newRepository()
  const { id, path } = await closeOne(await storeAt(repository))
  expect(await sparseRecords(repository.path)).toEqual([])
  const text = await repository.read(path)
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/')
  const [file, ...others] = await sparseRecords(repository.path)
  expect([file?.path, file?.bytes.toString(), others]).toEqual([path, text, []])
  expect(file?.record).toMatchObject({ invocation_id: id, status: 'closed' })
})

it('the list is empty outside git, and if git fails', async () => {
  expect(await sparseRecords(await tempFolder())).toEqual([])
  const repository = await newRepository()
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*')
  await repository.write('.git/index', 'no index')
  expect(await sparseRecords(repository.path)).toEqual([])
})
