import { chmod, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository, tempFolder } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import { batchReader } from '../../src/objects/cat-file.js'
import { withShim } from '../support/git-shim.js'

const FAILED = { code: 'GIT_FAILED' }

const NOWHERE = '1'.repeat(40)

/** Stores blobs. Returns their ids, each with its text. */
const store = async (
  repository: Repository,
  texts: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const stored = new Map<string, string>()
  for (const text of texts) {
    const { stdout } = await repository.gitWith({ input: text }, 'hash-object', '-w', '--stdin')
    stored.set(stdout.trim(), text)
  }
  return stored
}

const TEXTS = ['', '\n', 'one\ntwo 3\n', 'x blob 12\n', 'x'.repeat(300_000)]

const textsOf = (objects: ReadonlyMap<string, { readonly bytes: Buffer }>) =>
  new Map([...objects].map(([id, { bytes }]) => [id, bytes.toString()]))

const sizesOf = (headers: ReadonlyMap<string, { readonly size: number }>) =>
  new Map([...headers].map(([id, { size }]) => [id, size]))

describe('batchReader', () => {
  it('answers any number of questions with two processes', async () => {
    const repository = await newRepository()
    const stored = await store(repository, TEXTS)
    const log = join(await tempFolder(), 'log')
    await withShim(`echo "$*" >> '${log}'; real "$@"; exit $?`, async () => {
      const { headers, objects } = batchReader(repository.path)
      expect(sizesOf(await headers(stored.keys()))).toEqual(
        new Map([...stored].map(([id, text]) => [id, text.length])),
      )
      expect(textsOf(await objects(stored.keys()))).toEqual(stored)
      const each = await Promise.all([...stored.keys()].map((id) => objects([id])))
      expect(each.flatMap((found) => [...textsOf(found)])).toEqual([...stored])
      expect(await objects([])).toEqual(new Map())
    })
    expect((await readFile(log, 'utf8')).trimEnd().split('\n')).toHaveLength(2)
  })

  it('leaves out what the clone does not have, and the text of a tag', async () => {
    const repository = await newRepository()
    const stored = await store(repository, TEXTS)
    await repository.git('tag', '-a', 'v1', '-m', `${[...stored.keys()][0]} blob 3`)
    const tagId = await repository.git('rev-parse', 'v1')
    const { headers, objects } = batchReader(repository.path)
    const wanted = [NOWHERE, tagId, ...stored.keys()]
    expect(textsOf(await objects(wanted))).toEqual(stored)
    expect([...(await headers(wanted)).keys()]).toEqual([...stored.keys()])
  })

  it('throws if an object is damaged, and then reads the others', async () => {
    const repository = await newRepository()
    const stored = await store(repository, TEXTS)
    const [bad = '', ...good] = [...stored.keys()].toReversed()
    const { headers, objects } = batchReader(repository.path)
    await headers(good)
    const file = join(repository.path, '.git', 'objects', bad.slice(0, 2), bad.slice(2))
    await chmod(file, 0o644)
    await truncate(file, 10)
    await expect(objects([...good, bad])).rejects.toMatchObject(FAILED)
    expect([...(await objects(good)).keys()]).toEqual(good)
  })

  it('goes on if git ends between two questions, and in the middle of an answer', async () => {
    const repository = await newRepository()
    const stored = await store(repository, TEXTS)
    const script = 'case " $* " in *" cat-file --batch "*) head -n 1 | real "$@"; exit 1;; esac'
    await withShim(script, async () => {
      const { objects } = batchReader(repository.path)
      const [first = '', ...rest] = stored.keys()
      expect([...(await objects([first])).keys()]).toEqual([first])
      expect([...(await objects(rest)).keys()]).toEqual(rest)
    })
  })
})
