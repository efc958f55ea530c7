import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { restoreFile } from '../../src/fs/restore-file.js'

const path = 'kitty-ops/archive/2026-11/a.jsonl'
const bytes = Buffer.from('{"a":1}\n\u00e4\n')

const withContent = async (content: Uint8Array): Promise<string> => {
  const root = await tempFolder()
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), content)
  return root
}

describe('restoring a file', () => {
  it('creates it and its folders, byte for byte', async () => {
    const root = await tempFolder()
    expect(await restoreFile({ root, path, bytes })).toBe('created')
    expect(await readFile(join(root, path))).toEqual(bytes)
  })

  it.each([
    ['same', bytes, bytes],
    ['finished', bytes.subarray(0, 9), bytes],
    ['finished', Buffer.alloc(0), bytes],
    ['different', Buffer.from('{"b'), Buffer.from('{"b')],
    ['different', Buffer.concat([bytes, bytes]), Buffer.concat([bytes, bytes])],
  ] as const)('returns "%s" and overwrites nothing', async (answer, before, after) => {
    const root = await withContent(before)
    expect(await restoreFile({ root, path, bytes, durability: 'process' })).toBe(answer)
    expect(await readFile(join(root, path))).toEqual(after)
  })

  it.skipIf(process.platform === 'win32')('follows no symbolic link', async () => {
    const root = await tempFolder()
    const elsewhere = await tempFolder()
    await symlink(elsewhere, join(root, 'kitty-ops'))
    await expect(restoreFile({ root, path, bytes })).rejects.toMatchObject({
      code: 'SYMLINK_REFUSED',
    })
  })
})
