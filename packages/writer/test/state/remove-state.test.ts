import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { tryLock } from '../../src/lock/lock-file.js'
import { excludeLockOf } from '../../src/state/exclude-lines.js'
import { findState, removeState } from '../../src/state/remove-state.js'
import { openIn, REQUEST } from '../support/store.js'

describe('the state of a repository', () => {
  it('is removed with its exclude lines, and every other byte of that file stays', async () => {
    const { path, git, write } = await newRepository()
    const linked = join(await tempFolder(), 'linked')
    await git('worktree', 'add', '--quiet', linked)
    const mine = Buffer.from('# mine\r\n/kitty-ops/other.jsonl\n\xff\n!kitty-ops/x', 'latin1')
    await write('.git/info/exclude', mine)
    for (const root of [path, linked]) await (await openIn(root)).start(REQUEST)
    const found = await findState([path, linked])
    expect(found.folders).toHaveLength(2)
    expect(found.excludeLines).toBe(2)
    await removeState([path, linked])
    const left = await readFile(join(path, '.git', 'info', 'exclude'))
    // A line needs a line feed before it.
    expect(left).toEqual(Buffer.concat([mine, Buffer.from('\n')]))
    expect(await findState([path, linked])).toEqual({ folders: [], excludeLines: 0 })
    await removeState([path, linked])
  })

  it('is not touched while another process changes the exclude lines', async () => {
    const { path } = await newRepository()
    await (await openIn(path)).start(REQUEST)
    const found = await findState([path])
    const lock = tryLock(excludeLockOf(join(path, '.git')))
    if (lock.kind !== 'held') throw new Error('not held')
    await expect(removeState([path])).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' })
    expect(await findState([path])).toEqual(found)
    lock.release()
    await removeState([path])
    expect(await findState([path])).toEqual({ folders: [], excludeLines: 0 })
  })

  it('is found beside a free slot, the index and all records, for whatever root', async () => {
    const { path, write } = await newRepository()
    await write(
      '.git/info/exclude',
      [
        '#kitty-ops/01K6ZP4WQ0000000000000000A.jsonl',
        '/a\\[b/kitty-ops/ops-index.jsonl',
        `/kitty-ops/[0-7]${'?'.repeat(25)}.jsonl\n`,
      ].join('\n'),
    )
    expect((await findState([path])).excludeLines).toBe(3)
    await removeState([path])
    expect(existsSync(join(path, '.git', 'info'))).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('leaves a link, and what is not a file', async () => {
    const { path, write } = await newRepository()
    const mine = join(await tempFolder(), 'exclude')
    await writeFile(mine, '/kitty-ops/ops-index.jsonl\n')
    await write('.git/info/x', '')
    await symlink(mine, join(path, '.git', 'info', 'exclude'))
    await removeState([path])
    expect(await readFile(join(path, '.git', 'info', 'exclude'), 'utf8')).toBe('')
    await unlink(mine)
    await mkdir(mine)
    expect((await findState([path])).excludeLines).toBe(0)
    await removeState([path])
    expect(existsSync(mine)).toBe(true)
  })

  it('is below the root outside git, where other files stay', async () => {
    const root = await tempFolder()
    await (await openIn(root)).start(REQUEST)
    await writeFile(join(root, '.kittify', 'config.yaml'), '')
    expect((await findState([root])).folders).toEqual([join(root, '.kittify', 'state')])
    await removeState([root])
    expect(existsSync(join(root, '.kittify', 'state'))).toBe(false)
    expect(existsSync(join(root, '.kittify', 'config.yaml'))).toBe(true)
  })
})
