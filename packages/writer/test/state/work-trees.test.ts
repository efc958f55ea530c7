import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { rootsInWorkTrees } from '../../src/project/work-trees.js'
import { StateFolder } from '../../src/state/state-folder.js'
import { knownWorkTrees } from '../../src/state/work-trees.js'

const ensured = async (root: string): Promise<StateFolder> => {
  const folder = await StateFolder.find(root)
  await folder.ensure()
  return folder
}

/** A repository and a linked work tree, both with state. */
const twoWorkTrees = async () => {
  const { path, git } = await newRepository({ files: { 'app/a.txt': 'x\n' } })
  const linked = join(await tempFolder(), 'linked')
  await git('worktree', 'add', '--quiet', linked)
  await ensured(path)
  const { dir } = await ensured(join(linked, 'app'))
  const other = async () =>
    (await knownWorkTrees(path)).find(({ roots }) => roots.some((root) => root.dir === dir))
  return { path, git, linked, dir, other }
}

describe('a work tree with state', () => {
  it('is present if it can be worked in', async () => {
    const { path, linked, dir, other } = await twoWorkTrees()
    const [root] = (await other())?.roots ?? []
    expect(root).toMatchObject({ dir, root: join(linked, 'app') })
    const known = await knownWorkTrees(path)
    expect(known.map((tree) => tree.path).sort()).toEqual([path, linked].sort())
    expect(known.map(({ status }) => status)).toEqual(['present', 'present'])
    expect(await knownWorkTrees(linked)).toEqual(known)
  })

  it.each(['../..', 'app/../../..', '/etc'])('has no root at %j, outside of it', async (text) => {
    const { path, dir, other } = await twoWorkTrees()
    await writeFile(join(dir, 'root'), text)
    expect(await other()).toBeUndefined()
    expect(await knownWorkTrees(path)).toHaveLength(2)
  })

  it('is unreachable if its folder is not here, locked or not', async () => {
    const { git, linked, other } = await twoWorkTrees()
    await rename(linked, `${linked}-away`)
    expect(await other()).toMatchObject({ status: 'unreachable', path: linked, isLocked: false })
    await git('worktree', 'lock', linked)
    expect(await other()).toMatchObject({ status: 'unreachable', path: linked, isLocked: true })
  })

  it('is unreachable if something else is in its place', async () => {
    const { linked, other } = await twoWorkTrees()
    await rm(linked, { recursive: true })
    const { path } = await newRepository()
    await rename(path, linked)
    expect(await other()).toMatchObject({ status: 'unreachable', path: linked })
  })

  it('keeps its last known path if git has lost it', async () => {
    const { path, linked, other } = await twoWorkTrees()
    await rm(join(path, '.git', 'worktrees', 'linked', 'gitdir'))
    expect(await other()).toMatchObject({ path: linked })
    expect(await rootsInWorkTrees(path)).toEqual([path])
  })

  it('is gone once it was removed, with its last known path', async () => {
    const { git, linked, other } = await twoWorkTrees()
    await git('worktree', 'remove', '--force', linked)
    const tree = await other()
    expect(tree).toMatchObject({ status: 'gone', path: linked, isLocked: false })
    expect(tree?.roots.map(({ root }) => root)).toEqual([join(linked, 'app')])
  })

  it('is gone without a path if nothing says it', async () => {
    const { git, linked, dir, other } = await twoWorkTrees()
    await git('worktree', 'remove', '--force', linked)
    await rm(join(dir, '..', 'path'))
    const tree = await other()
    expect(tree).toMatchObject({ status: 'gone', path: undefined })
    expect(tree?.roots.map(({ root }) => root)).toEqual(['app'])
  })

  it('can be a submodule, whose path only its state says', async () => {
    const inner = await newRepository()
    const outer = await newRepository()
    const allowed = ['-c', 'protocol.file.allow=always']
    await outer.git(...allowed, 'submodule', '--quiet', 'add', inner.path, 'inner')
    const top = join(outer.path, 'inner')
    const { location } = await ensured(top)
    expect(await knownWorkTrees(top)).toMatchObject([{ status: 'present', path: top }])
    expect(await readFile(join(location.lockDir, 'path'), 'utf8')).toBe(`${top}\n`)
    expect(await knownWorkTrees(outer.path)).toEqual([])
    expect(await rootsInWorkTrees(top)).toEqual([top])
  })

  it('can belong to a bare repository', async () => {
    const { path, git } = await newRepository()
    const bare = join(await tempFolder(), 'bare.git')
    await git('clone', '--quiet', '--bare', path, bare)
    const linked = join(await tempFolder(), 'linked')
    await repositoryAt(bare).git('worktree', 'add', '--quiet', '-b', 'other', linked)
    const { dir } = await ensured(linked)
    expect(dir.startsWith(join(bare, 'kitty', 'trees'))).toBe(true)
    expect(await knownWorkTrees(linked)).toMatchObject([{ status: 'present', path: linked }])
    expect(await rootsInWorkTrees(linked)).toEqual([linked])
  })
})

it('outside git, no work tree has state', async () => {
  const folder = await tempFolder()
  await ensured(folder)
  expect(await knownWorkTrees(folder)).toEqual([])
})

it('a folder beside the state that is not a work tree does not count', async () => {
  const { path } = await twoWorkTrees()
  const trees = join(path, '.git', 'kitty', 'trees')
  await writeFile(join(trees, 'notes.txt'), 'x')
  expect(await knownWorkTrees(path)).toHaveLength(2)
})
