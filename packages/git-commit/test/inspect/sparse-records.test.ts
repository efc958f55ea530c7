import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { sparseRecords } from '../../src/index.js'
import { closeOne, storeAt } from '../support/ops.js'

it('what a sparse checkout keeps off the disk is read from git, and nothing else', async () => {
  const repository = await newRepository()
  const source = sparseRecords(repository.path)
  const { invocation_id, path } = await closeOne(await storeAt(repository))
  expect(await source.records()).toEqual([])
  const text = await repository.read(path)
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*', '!/kitty-ops/')
  const [file, ...others] = await source.records()
  expect([file?.path, file?.bytes.toString(), others]).toEqual([path, text, []])
  expect(file?.record).toMatchObject({ invocation_id, status: 'closed' })
})

it('there is nothing outside git, and where git cannot say', async () => {
  expect(await sparseRecords(await tempFolder()).records()).toEqual([])
  const repository = await newRepository()
  await repository.git('sparse-checkout', 'set', '--no-cone', '/*')
  await repository.write('.git/index', 'no index')
  expect(await sparseRecords(repository.path).records()).toEqual([])
})
