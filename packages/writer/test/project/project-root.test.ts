import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { findProjectRoot } from '../../src/project/project-root.js'

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

  it('is the top of the work tree without a marker', async () => {
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

  it('is in the current linked worktree', async () => {
    const { path, git } = await newRepository()
    await folders(path, 'kitty-ops')
    await git('worktree', 'add', '--quiet', join(path, '.worktrees', 'feature'))
    const linked = join(path, '.worktrees', 'feature')
    expect(await findProjectRoot(linked)).toBe(linked)
  })

  it('is the folder itself outside git, or a folder with a marker above it', async () => {
    const folder = await tempFolder()
    await folders(folder, 'plain', 'marked/.kittify', 'marked/below')
    expect(await findProjectRoot(join(folder, 'plain'))).toBe(join(folder, 'plain'))
    expect(await findProjectRoot(join(folder, 'marked/below'))).toBe(join(folder, 'marked'))
  })

  it.skipIf(process.platform === 'win32')('has its symbolic links resolved', async () => {
    const folder = await tempFolder()
    await folders(folder, 'real/.kittify')
    await symlink('real', join(folder, 'link'))
    expect(await findProjectRoot(join(folder, 'link'))).toBe(join(folder, 'real'))
  })
})

describe('outside git, the home folder', () => {
  const atHome = async (home: string, look: () => Promise<void>): Promise<void> => {
    const { HOME, USERPROFILE } = process.env
    Object.assign(process.env, { HOME: home, USERPROFILE: home })
    await look().finally(() => Object.assign(process.env, { HOME, USERPROFILE }))
  }

  it.each(['.kittify', 'kitty-ops'])(
    'with %s is a root only if it is the current folder',
    async (marker) => {
      const home = await tempFolder()
      await folders(home, marker, 'some/project', 'marked/.kittify', 'marked/below')
      await atHome(home, async () => {
        expect(await findProjectRoot(join(home, 'some/project'))).toBe(
          join(home, 'some', 'project'),
        )
        expect(await findProjectRoot(join(home, 'some'))).toBe(join(home, 'some'))
        expect(await findProjectRoot(join(home, 'marked/below'))).toBe(join(home, 'marked'))
        expect(await findProjectRoot(home)).toBe(home)
      })
    },
  )

  it('hides no root above it', async () => {
    const above = await tempFolder()
    await folders(above, 'kitty-ops', 'home/.kittify', 'home/project')
    await atHome(join(above, 'home'), async () => {
      expect(await findProjectRoot(join(above, 'home/project'))).toBe(above)
    })
  })

  it.skipIf(process.platform === 'win32')(
    'is recognized behind a symbolic link, from both sides',
    async () => {
      const folder = await tempFolder()
      await folders(folder, 'real/.kittify', 'real/project')
      await symlink('real', join(folder, 'link'))
      for (const [home, cwd] of [
        ['link', 'real'],
        ['real', 'link'],
      ] as const) {
        await atHome(join(folder, home), async () => {
          const project = join(folder, 'real', 'project')
          expect(await findProjectRoot(join(folder, cwd, 'project'))).toBe(project)
          expect(await findProjectRoot(join(folder, cwd))).toBe(join(folder, 'real'))
        })
      }
    },
  )

  it('can be missing or unknown', async () => {
    const folder = await tempFolder()
    await folders(folder, '.kittify', 'below')
    for (const home of ['', join(folder, 'gone')]) {
      await atHome(home, async () => {
        expect(await findProjectRoot(join(folder, 'below'))).toBe(folder)
      })
    }
  })

  it('is a root like any other if it is the top of a git work tree', async () => {
    const { path } = await newRepository()
    await folders(path, '.kittify', 'notes')
    await atHome(path, async () => {
      expect(await findProjectRoot(join(path, 'notes'))).toBe(path)
    })
  })
})
