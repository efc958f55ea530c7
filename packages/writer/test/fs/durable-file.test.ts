import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import type { Durability } from '../../src/fs/durability.js'
import { appendFile, createFile, replaceFile, writeNewFile } from '../../src/fs/durable-file.js'
import { readRegular } from '../../src/fs/regular-file.js'

const DURABILITIES: Durability[] = ['power', 'process']
const isWindows = process.platform === 'win32'
// Root can write anywhere, so permissions have no effect.
const permissionsCount = !isWindows && process.getuid?.() !== 0

const linkTo = async (content: string): Promise<{ link: string; target: string }> => {
  const folder = await tempFolder()
  const target = join(folder, 'target')
  await writeFile(target, content)
  await symlink(target, join(folder, 'link'))
  return { link: join(folder, 'link'), target }
}

describe.each(DURABILITIES)('a new file, to survive loss of %s', (durability) => {
  it('has exactly these bytes, and only its owner can write it', async () => {
    const path = join(await tempFolder(), 'new')
    const bytes = Uint8Array.of(0, 255, 10)
    await createFile(path, bytes, durability)
    expect(new Uint8Array(await readFile(path))).toEqual(bytes)
    if (!isWindows) expect((await stat(path)).mode & 0o022).toBe(0)
  })

  it('can be empty', async () => {
    const path = join(await tempFolder(), 'new')
    await createFile(path, '', durability)
    expect(await readFile(path, 'utf8')).toBe('')
  })

  it('never replaces another', async () => {
    const path = join(await tempFolder(), 'there')
    await createFile(path, 'first', durability)
    const second = createFile(path, 'second', durability)
    await expect(second).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(await readFile(path, 'utf8')).toBe('first')
  })

  it('is created by one of many that try at once', async () => {
    const path = join(await tempFolder(), 'there')
    const tries = ['a', 'b', 'c', 'd'].map((text) => createFile(path, text, durability))
    const done = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled')
    expect(done).toHaveLength(1)
  })

  it('needs its folder', async () => {
    const path = join(await tempFolder(), 'no', 'folder')
    const made = createFile(path, 'x', durability)
    await expect(made).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('`writeNewFile` throws the system error', async () => {
  const path = join(await tempFolder(), 'there')
  await writeNewFile(path, 'first', 'power')
  await expect(writeNewFile(path, 'second', 'power')).rejects.toMatchObject({ code: 'EEXIST' })
})

describe.each(DURABILITIES)('an append, to survive loss of %s', (durability) => {
  it('goes to the end, whatever the content', async () => {
    const path = join(await tempFolder(), 'log')
    await writeFile(path, 'one\n')
    await appendFile(path, 'two\n', durability)
    await appendFile(path, Buffer.from('three\n'), durability)
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\nthree\n')
  })

  it('of many at once keeps every line whole', async () => {
    const path = join(await tempFolder(), 'log')
    await writeFile(path, '')
    const lines = Array.from({ length: 40 }, (_, at) => `${at}:${'x'.repeat(5000)}\n`)
    await Promise.all(lines.map((line) => appendFile(path, line, durability)))
    const written = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
    expect(written.map((line) => `${line}\n`).sort()).toEqual(lines.sort())
  })

  it('creates no file', async () => {
    const folder = await tempFolder()
    const append = appendFile(join(folder, 'log'), 'x', durability)
    await expect(append).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await readdir(folder)).toEqual([])
  })
})

describe.each(DURABILITIES)('a replacement, to survive loss of %s', (durability) => {
  it('replaces the old bytes, or creates the file, and leaves nothing else', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'index')
    await replaceFile(path, 'first', durability)
    await replaceFile(path, 'second', durability)
    expect(await readFile(path, 'utf8')).toBe('second')
    expect(await readdir(folder)).toEqual(['index'])
  })

  it('leaves nothing behind if it fails', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'index'))
    const replaced = replaceFile(join(folder, 'index'), 'x', durability)
    await expect(replaced).rejects.toMatchObject({ code: 'NOT_A_FILE' })
    expect(await readdir(folder)).toEqual(['index'])
  })
})

describe('reading', () => {
  it('returns the bytes, and `undefined` for a missing file', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), Uint8Array.of(1, 2))
    expect(await readRegular(join(folder, 'file'))).toEqual(Buffer.of(1, 2))
    expect(await readRegular(join(folder, 'none'))).toBeUndefined()
    expect(await readRegular(join(folder, 'file', 'below'))).toBeUndefined()
  })

  it('refuses what is not a file', async () => {
    await expect(readRegular(await tempFolder())).rejects.toMatchObject({ code: 'NOT_A_FILE' })
  })

  it.runIf(permissionsCount)('names a file without read permission', async () => {
    const path = join(await tempFolder(), 'secret')
    await writeFile(path, 'x')
    await chmod(path, 0)
    await expect(readRegular(path)).rejects.toMatchObject({ code: 'NOT_READABLE' })
  })
})

it.runIf(permissionsCount)('a folder without permission is named', async () => {
  const folder = await tempFolder()
  await chmod(folder, 0o500)
  const made = createFile(join(folder, 'new'), 'x', 'power')
  await expect(made).rejects.toMatchObject({ code: 'NOT_WRITABLE' })
})

describe.skipIf(isWindows)('a symbolic link', () => {
  it('is never written through, and its target is unchanged', async () => {
    const { link, target } = await linkTo('old')
    const refused = expect.objectContaining({ code: 'SYMLINK_REFUSED' })
    await expect(appendFile(link, 'x', 'power')).rejects.toEqual(refused)
    await expect(replaceFile(link, 'x', 'power')).rejects.toEqual(refused)
    await expect(readRegular(link)).rejects.toEqual(refused)
    await expect(createFile(link, 'x', 'power')).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    })
    expect(await readFile(target, 'utf8')).toBe('old')
  })

  it('is refused even if it is dangling', async () => {
    const folder = await tempFolder()
    await symlink(join(folder, 'gone'), join(folder, 'link'))
    const made = createFile(join(folder, 'link'), 'x', 'power')
    await expect(made).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(await readdir(folder)).toEqual(['link'])
  })
})

it.skipIf(isWindows)('a pipe is refused without waiting for its other end', async () => {
  const path = join(await tempFolder(), 'pipe')
  execFileSync('mkfifo', [path])
  await expect(appendFile(path, 'x', 'power')).rejects.toMatchObject({ code: 'NOT_A_FILE' })
  await expect(readRegular(path)).rejects.toMatchObject({ code: 'NOT_A_FILE' })
})
