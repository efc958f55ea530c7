import { chmod, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { blobsOf, findHistory, readBlobs } from '../../src/inspect.js'
import { withShim } from '../support/git-shim.js'

const FAILED = { code: 'GIT_FAILED' }

const TEXT = Array.from({ length: 2_000 }, (_, number) => `line ${number * number}\n`).join('')

const store = async (repository: Repository, text: string): Promise<string> =>
  (await repository.gitWith({ input: text }, 'hash-object', '-w', '--stdin')).stdout

const looseFile = async ({ path }: Repository, id: string): Promise<string> => {
  const file = join(path, '.git', 'objects', id.slice(0, 2), id.slice(2))
  await chmod(file, 0o644)
  return file
}

/** Ways in which an object can be damaged: git notices the first while reading it, the others before. */
const DAMAGE: readonly (readonly [string, (file: string) => Promise<void>])[] = [
  ['cut off', async (file) => truncate(file, Math.floor((await readFile(file)).length / 2))],
  ['overwritten', (file) => writeFile(file, 'rubbish')],
  ['empty', (file) => truncate(file, 0)],
]

const read = async (path: string, ids: readonly string[]): Promise<Map<string, string>> => {
  const texts = new Map<string, string>()
  for await (const { id, bytes } of blobsOf(await findHistory(path), ids)) {
    texts.set(id, bytes.toString())
  }
  return texts
}

/** A clone without the blobs of 300 files, except a few. */
const blobless = async (wanted: number) => {
  const files = Array.from({ length: 300 }, (_, number) => [`${number}.txt`, `${number}\n`])
  const origin = await newRepository({ files: Object.fromEntries(files) })
  await origin.git('config', 'uploadpack.allowFilter', 'true')
  const path = await tempFolder()
  const from = `file://${origin.path}`
  await origin.git('clone', '--quiet', '--filter=blob:none', '--no-checkout', from, path)
  const clone = repositoryAt(path)
  const tree = await clone.git('ls-tree', '-r', 'HEAD')
  const ids = tree.split('\n').map((line) => line.split(/\s/)[2] ?? '')
  const here = ids.slice(-wanted)
  for (const id of here) await clone.git('cat-file', 'blob', id)
  return { clone, ids, here }
}

describe.each(DAMAGE)('an object that is %s', (_, damage) => {
  it('is not returned, not even in part, and not reported as missing', async () => {
    const repository = await newRepository()
    const [bad, good] = [await store(repository, TEXT), await store(repository, 'good\n')]
    await damage(await looseFile(repository, bad))
    await expect(readBlobs(repository.path, [good, bad])).rejects.toMatchObject(FAILED)
    await expect(read(repository.path, [good, bad])).rejects.toMatchObject(FAILED)
    expect(await read(repository.path, [good])).toEqual(new Map([[good, 'good\n']]))
  })

  it('does not hide among those that a partial clone lacks', async () => {
    const { clone, ids } = await blobless(1)
    const bad = await store(clone, TEXT)
    await damage(await looseFile(clone, bad))
    await expect(readBlobs(clone.path, [...ids, bad])).rejects.toMatchObject(FAILED)
    await expect(read(clone.path, [...ids, bad])).rejects.toMatchObject(FAILED)
  })
})

describe.skipIf(process.platform === 'win32')('a partial clone', () => {
  it('returns everything that it has, whatever it lacks, with a few processes', async () => {
    const { clone, ids, here } = await blobless(3)
    const log = join(await tempFolder(), 'log')
    await withShim(`echo "$*" >> '${log}'`, async () => {
      expect([...(await readBlobs(clone.path, ids)).keys()]).toEqual(here)
      expect([...(await read(clone.path, ids)).keys()]).toEqual(here)
    })
    expect((await readFile(log, 'utf8')).trim().split('\n').length).toBeLessThan(12)
  })
})

describe.skipIf(process.platform === 'win32')('many blobs', () => {
  it('are held in memory a few at a time', async () => {
    const repository = await newRepository()
    const large = ['a', 'b', 'c'].map((letter) => letter.repeat(9 * 1024 * 1024))
    const ids = [await store(repository, '')]
    for (const text of large) ids.push(await store(repository, text))
    const log = join(await tempFolder(), 'log')
    const texts = await withShim(`echo "$*" >> '${log}'`, () => read(repository.path, ids))
    expect(ids.map((id) => texts.get(id)?.length)).toEqual([0, ...large.map((text) => text.length)])
    const commands = (await readFile(log, 'utf8')).split('\n')
    expect(commands.filter((line) => line.endsWith('cat-file --buffer --batch'))).toHaveLength(3)
    expect(await read(repository.path, ids.slice(0, 1))).toEqual(new Map([[ids[0], '']]))
  })
})
