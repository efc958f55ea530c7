import { mkdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { gitIn, newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { findNoWorkTree, findWorkTree } from '../../src/project/git-dir.js'
import { rootsInWorkTrees } from '../../src/project/work-trees.js'

/** What git itself reports for a folder, for comparison. */
const asGitSays = async (folder: string) => {
  const flags = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir']
  const text = await gitIn(folder, ['rev-parse', ...flags])
  const here = await realpath(folder)
  const [top, gitDir, commonDir] = text.split('\n').map((path) => resolve(here, path))
  return { top, gitDir, commonDir }
}

const folderIn = async (...parts: string[]): Promise<string> => {
  const folder = join(...parts)
  await mkdir(folder, { recursive: true })
  return folder
}

describe('the work tree of a folder', () => {
  it('is found from its top and from below', async () => {
    const { path } = await newRepository()
    const below = await folderIn(path, 'a', 'b')
    expect(await findWorkTree(path)).toEqual(await asGitSays(path))
    expect(await findWorkTree(below)).toEqual(await asGitSays(path))
  })

  it('is found for a folder that does not exist yet', async () => {
    const { path } = await newRepository()
    expect((await findWorkTree(join(path, 'not', 'yet')))?.top).toBe(path)
  })

  it('is a linked worktree with its own git directory', async () => {
    const { path, git } = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', linked)
    const found = await findWorkTree(linked)
    expect(found).toEqual(await asGitSays(linked))
    expect(found?.commonDir).toBe(join(path, '.git'))
    expect(found?.gitDir).not.toBe(found?.commonDir)
  })

  it('is a submodule, not the repository around it', async () => {
    const inner = await newRepository()
    const outer = await newRepository()
    await outer.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.path,
      'modules/inner',
    )
    const submodule = join(outer.path, 'modules', 'inner')
    expect(await findWorkTree(submodule)).toEqual(await asGitSays(submodule))
  })

  it('has its git directory where a pointer says, relative or absolute', async () => {
    for (const pointer of [relative, (_: string, to: string) => to]) {
      const { path } = await newRepository()
      const elsewhere = join(await tempFolder(), 'separate')
      await rename(join(path, '.git'), elsewhere)
      await writeFile(join(path, '.git'), `gitdir: ${pointer(path, elsewhere)}\r\n`)
      expect(await findWorkTree(path)).toEqual({
        top: path,
        gitDir: elsewhere,
        commonDir: elsewhere,
      })
    }
  })

  it.skipIf(process.platform === 'win32')('has one path, however it was reached', async () => {
    const { path } = await newRepository()
    const link = join(await tempFolder(), 'link')
    await symlink(path, link)
    expect(await findWorkTree(link)).toEqual(await asGitSays(path))
  })
})

describe('there is no work tree', () => {
  it('outside git', async () => {
    expect(await findWorkTree(await tempFolder())).toBeUndefined()
  })

  it('in a bare repository, and inside a git directory', async () => {
    const bare = join(await tempFolder(), 'bare.git')
    await gitIn(dirname(bare), ['init', '--quiet', '--bare', '--template=', bare])
    expect(await findWorkTree(bare)).toBeUndefined()
    const { path } = await newRepository()
    expect(await findWorkTree(join(path, '.git', 'refs'))).toBeUndefined()
    expect(await findNoWorkTree(join(path, '.git', 'refs'))).toEqual({ gitDir: join(path, '.git') })
    expect(await findNoWorkTree(path)).toBeUndefined()
  })

  it('beside a bare repository, but in a linked work tree of it', async () => {
    const { path, git } = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', linked)
    await git('config', 'core.bare', 'true')
    expect(await findWorkTree(path)).toBeUndefined()
    expect(await findNoWorkTree(path)).toEqual({ gitDir: join(path, '.git') })
    expect(await findWorkTree(linked)).toEqual(await asGitSays(linked))
    expect(await rootsInWorkTrees(linked)).toEqual([linked])
  })

  it('where `core.worktree` names another folder', async () => {
    const { path, git } = await newRepository()
    const elsewhere = await tempFolder()
    await git('config', 'core.worktree', elsewhere)
    expect(await findWorkTree(path)).toBeUndefined()
    const place = { gitDir: join(path, '.git'), elsewhere }
    expect(await findNoWorkTree(path)).toEqual(place)
    await git('config', '--unset', 'core.worktree')
    await git('config', 'extensions.worktreeConfig', 'true')
    expect(await findWorkTree(path)).toEqual(await asGitSays(path))
    const line = `[core] worktree = "${elsewhere}" ; elsewhere\n`
    await writeFile(join(path, '.git', 'config.worktree'), line)
    expect(await findNoWorkTree(path)).toEqual(place)
  })

  it('where a `.git` file leads to a repository whose work tree is another folder', async () => {
    const { path, git } = await newRepository()
    const elsewhere = await tempFolder()
    await writeFile(join(elsewhere, '.git'), `gitdir: ${join(path, '.git')}\n`)
    await git('config', 'core.worktree', elsewhere)
    expect(await findWorkTree(elsewhere)).toEqual(await asGitSays(elsewhere))
    expect(await rootsInWorkTrees(elsewhere)).toEqual([elsewhere])
  })

  it.each([
    ['points nowhere', 'gitdir: ../gone\n'],
    ['is not a pointer', 'hello\n'],
    ['is empty', ''],
  ])('if `.git` %s, even inside another repository', async (_, text) => {
    const { path } = await newRepository()
    const broken = await folderIn(path, 'broken')
    await writeFile(join(broken, '.git'), text)
    expect(await findWorkTree(broken)).toBeUndefined()
  })

  it('if a linked worktree was separated from its repository', async () => {
    const { path, git } = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', linked)
    await rm(join(path, '.git', 'objects'), { recursive: true })
    expect(await findWorkTree(linked)).toBeUndefined()
  })
})

it.each(['nonsense', '', '\0\0\0\0', 'ref: ../x'])(
  'a repository with the damaged HEAD %j is still found, with the state of its Ops',
  async (text) => {
    const { path, git } = await newRepository()
    const found = await findWorkTree(path)
    await writeFile(join(path, '.git', 'HEAD'), text)
    await expect(git('rev-parse', 'HEAD')).rejects.toThrow()
    expect(await findWorkTree(path)).toEqual(found)
  },
)

it('a `.git` folder that is not a repository is ignored, as in git', async () => {
  const { path } = await newRepository()
  const inner = await folderIn(path, 'inner')
  await mkdir(join(inner, '.git'))
  expect(await findWorkTree(inner)).toEqual(await asGitSays(inner))
})
