import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isOpId } from '@kitty/record'
import { gitIn, newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { stateDirOf } from '../../src/project/state-dir.js'
import { readWorkTreeId } from '../../src/project/work-tree-id.js'
import { StateFolder } from '../../src/state/state-folder.js'

const ensured = async (root: string): Promise<StateFolder> => {
  const folder = await StateFolder.find(root)
  await folder.ensure()
  return folder
}

const idOf = (gitDir: string): string => {
  const id = readWorkTreeId(gitDir)
  if (id === undefined) throw new Error(`No id in ${gitDir}`)
  return id
}

describe('the state folder', () => {
  it('is in the git directory, not in the work tree', async () => {
    const { path, statusPorcelain } = await newRepository()
    const { dir, location } = await ensured(path)
    const id = idOf(join(path, '.git'))
    expect(dir).toBe(join(path, '.git', 'kitty', 'trees', id, 'root'))
    expect(location.workTree?.top).toBe(path)
    expect(await readdir(dir)).toEqual(['pending', 'root', 'started'])
    expect(await readFile(join(path, '.git', 'kitty', 'trees', id, 'path'), 'utf8')).toBe(
      `${path}\n`,
    )
    expect(await statusPorcelain()).toEqual([])
  })

  it('has a key for each project of a work tree, derived from its path', async () => {
    const { path } = await newRepository()
    await mkdir(join(path, 'packages', 'one'), { recursive: true })
    const key = createHash('sha256').update('packages/one').digest('hex').slice(0, 16)
    const { dir } = await ensured(join(path, 'packages', 'one'))
    expect(dir).toBe(join(path, '.git', 'kitty', 'trees', idOf(join(path, '.git')), key))
    expect(await readFile(join(dir, 'root'), 'utf8')).toBe('packages/one\n')
  })

  it("is a linked work tree's own, in the common git directory", async () => {
    const { path, git } = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', linked)
    await ensured(path)
    const { dir } = await ensured(linked)
    const id = idOf(join(path, '.git', 'worktrees', 'linked'))
    expect(dir).toBe(join(path, '.git', 'kitty', 'trees', id, 'root'))
    expect(id).not.toBe(idOf(join(path, '.git')))
  })

  it('stays that of a work tree that is moved, and not of one that is made again', async () => {
    const { path, git } = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', linked)
    const { dir } = await ensured(linked)
    const moved = `${linked}-moved`
    await git('worktree', 'move', linked, moved)
    expect((await ensured(moved)).dir).toBe(dir)
    expect(await readFile(join(dir, '..', 'path'), 'utf8')).toBe(`${moved}\n`)
    const byHand = `${linked}-by-hand`
    await rename(moved, byHand)
    await git('worktree', 'repair', byHand)
    expect((await ensured(byHand)).dir).toBe(dir)
    await git('worktree', 'remove', '--force', byHand)
    await git('worktree', 'add', '--quiet', '--force', linked, 'linked')
    expect((await ensured(linked)).dir).not.toBe(dir)
    const { dir: main } = (await ensured(path)).location
    const trees = join(path, '.git', 'kitty', 'trees')
    // Nothing is left of the one that was removed, as it held no Op.
    expect((await readdir(trees)).map((id) => join(trees, id)).sort()).toEqual(
      [dirname(main), dirname((await ensured(linked)).dir)].sort(),
    )
  })

  it('is found by a store that was opened before it existed', async () => {
    const { path } = await newRepository()
    const early = await StateFolder.find(path)
    const { dir } = await ensured(path)
    expect(early.dir).toBe(dir)
    expect(early.dirs).toEqual([dir])
  })

  it('has one id, however many stores create it at once, also after a torn write', async () => {
    const { path } = await newRepository()
    await mkdir(join(path, '.git', 'kitty'))
    for (const torn of [undefined, '', '01KA']) {
      if (torn !== undefined) await writeFile(join(path, '.git', 'kitty', 'id'), torn)
      await Promise.all(Array.from({ length: 8 }, () => ensured(path)))
      const id = idOf(join(path, '.git'))
      expect(isOpId(id)).toBe(true)
      expect((await stateDirOf(path)).dir).toContain(id)
    }
  })

  it.skipIf(process.platform === 'win32')('is the same for all spellings of a root', async () => {
    const { path } = await newRepository()
    const link = join(await tempFolder(), 'link')
    await symlink(path, link)
    await ensured(path)
    expect(await stateDirOf(link)).toEqual(await stateDirOf(path))
    expect(await stateDirOf(join(path, 'x', '..'))).toEqual(await stateDirOf(path))
  })

  it('is not created by a query', async () => {
    const folder = await tempFolder()
    await stateDirOf(folder)
    expect(await readdir(folder)).toEqual([])
    const { path } = await newRepository()
    await stateDirOf(path)
    expect(await readdir(join(path, '.git'))).not.toContain('kitty')
  })

  it('is below `.kittify` outside git, and a later repository takes it over', async () => {
    const folder = await tempFolder()
    const outside = await ensured(folder)
    await outside.ensure()
    const dir = join(folder, '.kittify', 'state')
    expect(outside.location).toEqual({ place: 'outside-git', dir, lockDir: dir })
    expect(await readFile(join(dir, '.gitignore'), 'utf8')).toBe('*\n')
    await gitIn(folder, ['init', '--quiet', '--template='])
    expect(await gitIn(folder, ['status', '--porcelain'])).toBe('')
    const inside = await ensured(folder)
    expect(inside.location.place).toBe('git')
    expect(await readdir(join(folder, '.kittify'))).toEqual([])
  })

  it('is in the git directory also if .kittify is a file', async () => {
    const { path } = await newRepository()
    await writeFile(join(path, '.kittify'), 'mine\n')
    const { location } = await ensured(path)
    expect(location.place).toBe('git')
    expect((await ensured(path)).dir).toBe(location.dir)
    expect(await readFile(join(path, '.kittify'), 'utf8')).toBe('mine\n')
  })

  it.skipIf(process.platform === 'win32')('is refused if it is a symbolic link', async () => {
    const folder = await tempFolder()
    const elsewhere = await tempFolder()
    await mkdir(join(folder, '.kittify'))
    await symlink(elsewhere, join(folder, '.kittify', 'state'))
    await expect(ensured(folder)).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
    expect(await readdir(elsewhere)).toEqual([])
  })

  it('of a newer version is refused, and left unchanged', async () => {
    const { path } = await newRepository()
    await ensured(path)
    const format = join(path, '.git', 'kitty', 'format')
    expect(await readFile(format, 'utf8')).toBe('2\n')
    await writeFile(format, '3\n')
    await expect(StateFolder.find(path)).rejects.toMatchObject({ code: 'STATE_NEWER' })
    expect(await readFile(format, 'utf8')).toBe('3\n')
  })
})
