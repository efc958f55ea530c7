import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import {
  ensureFolder,
  hasRealDirectory,
  isRealDirectory,
  refuseNestedRepository,
  syncFolder,
} from '../../src/fs/folder.js'

const permissionsCount = process.platform !== 'win32' && process.getuid?.() !== 0

describe('a required folder', () => {
  it('is created with all missing folders above it, and again without effect', async () => {
    const base = await tempFolder()
    expect(await ensureFolder(base, 'a/b/c', 'power')).toBe(join(base, 'a', 'b', 'c'))
    expect(await ensureFolder(base, 'a/b/c', 'process')).toBe(join(base, 'a', 'b', 'c'))
    expect(hasRealDirectory(base, 'a/b/c')).toBe(true)
    expect(hasRealDirectory(base, 'a/x/c')).toBe(false)
  })

  it('can be created by several at once', async () => {
    const base = await tempFolder()
    await Promise.all([1, 2, 3, 4].map(() => ensureFolder(base, 'a/b', 'power')))
    expect(await readdir(base)).toEqual(['a'])
  })

  it('does not replace a file', async () => {
    const base = await tempFolder()
    await writeFile(join(base, 'a'), '')
    const refused = expect.objectContaining({ code: 'NOT_A_FOLDER' })
    await expect(ensureFolder(base, 'a/b', 'power')).rejects.toEqual(refused)
    expect(() => hasRealDirectory(base, 'a/b')).toThrow(refused)
  })

  it('is not created below a missing base', async () => {
    const base = join(await tempFolder(), 'gone')
    const made = ensureFolder(base, 'a', 'power')
    await expect(made).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.runIf(permissionsCount)('is not created without permission', async () => {
    const base = await tempFolder()
    await chmod(base, 0o500)
    const made = ensureFolder(base, 'a', 'power')
    await expect(made).rejects.toMatchObject({ code: 'NOT_WRITABLE' })
  })
})

describe.skipIf(process.platform === 'win32')('a symbolic link in place of a folder', () => {
  it('is refused at every step below the base, and nothing is created behind it', async () => {
    const base = await tempFolder()
    const elsewhere = await tempFolder()
    await mkdir(join(base, 'real'))
    await symlink(elsewhere, join(base, 'link'))
    await symlink(elsewhere, join(base, 'real', 'link'))
    for (const path of ['link', 'link/a', 'real/link', 'real/link/a']) {
      const refused = expect.objectContaining({ code: 'SYMLINK_REFUSED' })
      await expect(ensureFolder(base, path, 'power')).rejects.toEqual(refused)
      expect(() => hasRealDirectory(base, path)).toThrow(refused)
    }
    expect(await readdir(elsewhere)).toEqual([])
  })

  it('is allowed for the base itself, which the user chooses', async () => {
    const real = await tempFolder()
    const base = join(await tempFolder(), 'link')
    await symlink(real, base)
    await ensureFolder(base, 'a', 'power')
    expect(await readdir(real)).toEqual(['a'])
  })
})

it('syncing fails only if there is something to sync', async () => {
  const folder = await tempFolder()
  await expect(syncFolder(folder)).resolves.toBeUndefined()
  await expect(syncFolder(join(folder, 'gone'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('a name that is too long is an error', async () => {
  const path = join(await tempFolder(), 'x'.repeat(300))
  expect(() => isRealDirectory(path)).toThrow(expect.objectContaining({ code: 'READ_FAILED' }))
})

describe('a folder of another repository', () => {
  it('is refused at every step; a repository in it and a file in its place are not its business', async () => {
    const base = await tempFolder()
    await ensureFolder(base, 'a/b/c', 'process')
    await writeFile(join(base, 'file'), '')
    await mkdir(join(base, 'a', '.git'))
    for (const path of ['a/b/c', 'a/x', 'file', 'file/below']) refuseNestedRepository(base, path)
    await writeFile(join(base, 'a', 'b', '.git'), 'gitdir: ../../modules/b\n')
    for (const path of ['a/b', 'a/b/c', 'a/b/new']) {
      expect(() => refuseNestedRepository(base, path)).toThrow(
        expect.objectContaining({ code: 'NESTED_REPOSITORY' }),
      )
    }
    refuseNestedRepository(base, 'a')
  })
})
