import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { CONFIG_PATH, readConfigFile } from '../../src/project/config-file.js'
import { put } from '../support/records.js'
import { codeOf } from '../support/store.js'

describe('the configuration of a project', () => {
  it('is the text of its file', async () => {
    const root = await tempFolder()
    await put(root, CONFIG_PATH, 'ops:\n  commit: none\n')
    expect(await readConfigFile(root)).toBe('ops:\n  commit: none\n')
  })

  it('can be missing, with its folder or without', async () => {
    const root = await tempFolder()
    expect(await readConfigFile(root)).toBeUndefined()
    await mkdir(join(root, '.kittify'))
    expect(await readConfigFile(root)).toBeUndefined()
  })

  it('is not read from a folder', async () => {
    const root = await tempFolder()
    await mkdir(join(root, CONFIG_PATH), { recursive: true })
    expect(await codeOf(readConfigFile(root))).toBe('NOT_A_FILE')
  })

  it('is not read through a symbolic link', async () => {
    const root = await tempFolder()
    await put(root, CONFIG_PATH, 'ops: {}\n')
    await rename(join(root, '.kittify'), join(root, 'real'))
    await symlink(join(root, 'real'), join(root, '.kittify'), 'junction')
    expect(await codeOf(readConfigFile(root))).toBe('SYMLINK_REFUSED')
  })

  it.skipIf(process.platform === 'win32')(
    // Windows allows symbolic links to files only to administrators.
    'is not read if the file is a symbolic link',
    async () => {
      const root = await tempFolder()
      await mkdir(join(root, '.kittify'))
      await writeFile(join(root, 'real.yaml'), 'ops: {}\n')
      await symlink(join(root, 'real.yaml'), join(root, CONFIG_PATH))
      expect(await codeOf(readConfigFile(root))).toBe('SYMLINK_REFUSED')
    },
  )
})
