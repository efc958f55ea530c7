import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { openOps } from '../../src/ops/ops.js'

const look = async (root: string): Promise<void> => {
  const ops = await openOps({ root })
  await ops.list()
  await ops.pending()
  await ops.flush()
  await expect(ops.resolveId('01')).rejects.toMatchObject({ code: 'OP_NOT_FOUND' })
}

it('reading leaves no trace outside git', async () => {
  const root = await tempFolder()
  await look(root)
  expect(await readdir(root)).toEqual([])
})

it('reading leaves no trace in a repository', async () => {
  const { path } = await newRepository()
  const before = await readdir(join(path, '.git'))
  await look(path)
  expect(await readdir(join(path, '.git'))).toEqual(before)
  expect(await readdir(path)).toEqual(['.git', 'README.md'])
})
