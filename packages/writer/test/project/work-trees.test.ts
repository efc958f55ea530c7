import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { expect, it } from 'vitest'
import { rootsInWorkTrees } from '../../src/project/work-trees.js'

it('the same root is found in every work tree of a repository, its own first', async () => {
  const { path, git } = await newRepository({ files: { 'app/README.md': 'x\n' } })
  const linked = join(await realpath(await tempFolder()), 'linked')
  await git('worktree', 'add', '--quiet', '-b', 'other', linked)
  const main = await realpath(path)
  expect(await rootsInWorkTrees(join(path, 'app'))).toEqual([
    join(main, 'app'),
    join(linked, 'app'),
  ])
  expect(await rootsInWorkTrees(linked)).toEqual([linked, main])
})

it('outside git there is only the root itself', async () => {
  const folder = await realpath(await tempFolder())
  expect(await rootsInWorkTrees(folder)).toEqual([folder])
})
