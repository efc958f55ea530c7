import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { findProjectRoot } from '../src/project-root.js'

const folders = async (base: string, ...paths: string[]): Promise<void> => {
  for (const path of paths) await mkdir(join(base, path), { recursive: true })
}

describe('the project root', () => {
  it.each(['.kittify', 'kitty-ops'])('is the nearest folder with %s', async (marker) => {
    const { path } = await newRepository()
    await folders(path, marker, `packages/one/${marker}`, 'packages/one/src/deep', 'packages/two')
    expect(await findProjectRoot(join(path, 'packages/one/src/deep'))).toBe(
      join(path, 'packages', 'one'),
    )
    expect(await findProjectRoot(join(path, 'packages/two'))).toBe(path)
    expect(await findProjectRoot(path)).toBe(path)
  })

  it('is the top of the work tree where nothing is marked', async () => {
    const { path } = await newRepository()
    await folders(path, 'a/b')
    expect(await findProjectRoot(join(path, 'a/b'))).toBe(path)
  })

  it('is never above the top of the work tree', async () => {
    const outer = await newRepository()
    const inner = await newRepository()
    await folders(outer.path, 'kitty-ops')
    await outer.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.path,
      'inner',
    )
    expect(await findProjectRoot(join(outer.path, 'inner'))).toBe(join(outer.path, 'inner'))
  })

  it('is in the linked worktree where one stands', async () => {
    const { path, git } = await newRepository()
    await folders(path, 'kitty-ops')
    await git('worktree', 'add', '--quiet', join(path, '.worktrees', 'feature'))
    const linked = join(path, '.worktrees', 'feature')
    expect(await findProjectRoot(linked)).toBe(linked)
  })

  it('is the folder itself outside git, or a marked one above it', async () => {
    const folder = await tempFolder()
    await folders(folder, 'plain', 'marked/.kittify', 'marked/below')
    expect(await findProjectRoot(join(folder, 'plain'))).toBe(join(folder, 'plain'))
    expect(await findProjectRoot(join(folder, 'marked/below'))).toBe(join(folder, 'marked'))
  })

  it.skipIf(process.platform === 'win32')('has its links resolved', async () => {
    const folder = await tempFolder()
    await folders(folder, 'real/.kittify')
    await symlink('real', join(folder, 'link'))
    expect(await findProjectRoot(join(folder, 'link'))).toBe(join(folder, 'real'))
  })
})
