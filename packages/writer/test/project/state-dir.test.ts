import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { gitIn, newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { ensureStateDir, stateDirOf } from '../../src/project/state-dir.js'

describe('the state folder', () => {
  it('is in the git directory, not in the work tree', async () => {
    const { path, statusPorcelain } = await newRepository()
    const place = await stateDirOf(path)
    await ensureStateDir(place, ['pending'])
    expect(place.dir).toBe(join(path, '.git', 'kitty', 'root'))
    expect(place.workTree?.top).toBe(path)
    expect(await readdir(place.dir)).toEqual(['pending'])
    expect(await statusPorcelain()).toEqual([])
  })

  it('has a key for each project of a work tree, derived from its path', async () => {
    const { path } = await newRepository()
    await mkdir(join(path, 'packages', 'one'), { recursive: true })
    const key = createHash('sha256').update('packages/one').digest('hex').slice(0, 16)
    const place = await stateDirOf(join(path, 'packages', 'one'))
    expect(place.dir).toBe(join(path, '.git', 'kitty', key))
  })

  it("is a linked worktree's own", async () => {
    const { path, git } = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', linked)
    const place = await stateDirOf(linked)
    expect(place.dir).toBe(join(path, '.git', 'worktrees', 'linked', 'kitty', 'root'))
  })

  it.skipIf(process.platform === 'win32')('is the same for all spellings of a root', async () => {
    const { path } = await newRepository()
    const link = join(await tempFolder(), 'link')
    await symlink(path, link)
    expect(await stateDirOf(link)).toEqual(await stateDirOf(path))
    expect(await stateDirOf(join(path, 'x', '..'))).toEqual(await stateDirOf(path))
  })

  it('is not created by a query', async () => {
    const folder = await tempFolder()
    await stateDirOf(folder)
    expect(await readdir(folder)).toEqual([])
  })

  it('is below `.kittify` outside git, and a later repository ignores it', async () => {
    const folder = await tempFolder()
    const place = await stateDirOf(folder)
    await ensureStateDir(place, ['started'])
    await ensureStateDir(place, ['started'])
    expect(place).toEqual({ dir: join(folder, '.kittify', 'state') })
    expect(await readFile(join(place.dir, '.gitignore'), 'utf8')).toBe('*\n')
    await gitIn(folder, ['init', '--quiet', '--template='])
    expect(await gitIn(folder, ['status', '--porcelain'])).toBe('')
  })

  it.skipIf(process.platform === 'win32')('is refused if it is a symbolic link', async () => {
    const folder = await tempFolder()
    const elsewhere = await tempFolder()
    await mkdir(join(folder, '.kittify'))
    await symlink(elsewhere, join(folder, '.kittify', 'state'))
    const made = ensureStateDir(await stateDirOf(folder))
    await expect(made).rejects.toMatchObject({ code: 'SYMLINK_REFUSED' })
    expect(await readdir(elsewhere)).toEqual([])
  })
})
