import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { truncateTo } from '../../src/fs/durable-file.js'

describe('a failed append', () => {
  it.each([
    ['of nothing', 'old\n', 'old\n'],
    ['of a part', 'old\n{"ev', 'old\n'],
    ['of everything', 'old\nnew\n.', 'old\nnew\n.'],
  ])('%s leaves whole lines', async (_, found, left) => {
    const path = join(await tempFolder(), 'record')
    await writeFile(path, found)
    await truncateTo(path, 4, 9)
    expect(await readFile(path, 'utf8')).toBe(left)
  })

  it('to a file that is gone leaves it so', async () => {
    const path = join(await tempFolder(), 'record')
    await truncateTo(path, 4, 9)
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })
})
