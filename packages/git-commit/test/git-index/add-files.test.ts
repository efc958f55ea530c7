import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addFiles, type IndexedFile } from '../../src/git-index/add-files.js'
import { parseIndex } from '../../src/git-index/index-file-format.js'
import type { ObjectFormat } from '../../src/objects/object.js'
import { expectCommitted } from '../support/expect-committed.js'
import { closeOne, storeAt } from '../support/ops.js'

const LONG = 'l'.repeat(200)

// Names that sort around the slash that a folder's name ends in, beyond ASCII, and longer than the flags can say.
const NAME = fc.constantFrom('a', 'a-b', 'a.b', 'a0', 'b', 'é', 'Z', 'long-name.jsonl', LONG)
const DEEP = Array.from({ length: 25 }, () => LONG).join('/')
const PATH = fc.oneof(
  { weight: 9, arbitrary: fc.array(NAME, { minLength: 1, maxLength: 3 }).map((n) => n.join('/')) },
  { weight: 1, arbitrary: NAME.map((name) => `${DEEP}/${name}`) },
)
const PATHS = fc.uniqueArray(PATH, { maxLength: 12 })

const isBelow = (path: string, other: string): boolean => path.startsWith(`${other}/`)

/** A file and a folder cannot have the same name: the first one stays. */
const compatible = (paths: readonly string[]): string[] =>
  paths.filter(
    (path, at) => !paths.slice(0, at).some((other) => isBelow(path, other) || isBelow(other, path)),
  )

const bytesAfter = (
  index: Buffer,
  files: readonly IndexedFile[],
  format: ObjectFormat = 'sha1',
): Buffer | undefined => {
  const parsed = parseIndex(index, format === 'sha1' ? 20 : 32)
  const parts = parsed && addFiles(parsed, files, format)
  return parts && Buffer.concat(parts)
}

const entriesOf = async ({ gitWith, path }: Repository, bytes?: Buffer) => {
  const file = join(path, '.git', 'scratch')
  if (bytes !== undefined) await writeFile(file, bytes)
  const env = { GIT_INDEX_FILE: file }
  const entries = (await gitWith({ env }, 'ls-files', '--stage', '-z')).stdout
  const tree = (await gitWith({ env }, 'write-tree')).stdout
  return { entries, tree }
}

describe.each(['sha1', 'sha256'] as const)('an index with new files, %s', (objectFormat) => {
  it('is the one that git makes, and so is its tree', async () => {
    const repository = await newRepository({ objectFormat })
    const { gitWith, path } = repository
    const env = { GIT_INDEX_FILE: join(path, '.git', 'scratch') }
    const put = async (text: string) =>
      (await gitWith({ input: text }, 'hash-object', '-w', '--stdin')).stdout.trim()
    const [one, two] = [await put('one'), await put('two')]
    const update = (paths: readonly string[], id: string) =>
      gitWith(
        { env, input: paths.map((each) => `100644 ${id}\t${each}\0`).join('') },
        ...['update-index', '-z', '--index-info'],
      )
    const property = fc.asyncProperty(PATHS, PATHS, async (some, more) => {
      const all = compatible([...new Set([...some, ...more])])
      const added = all.filter((each) => more.includes(each))
      await gitWith({ env }, 'read-tree', '--empty')
      await update(
        all.filter((each) => some.includes(each)),
        one,
      )
      // Now the index knows the trees of its folders.
      await gitWith({ env }, 'write-tree')
      const before = await readFile(env.GIT_INDEX_FILE)
      await update(added, two)
      const expected = await entriesOf(repository)
      const files = added.map((each) => ({ path: each, id: two, stat: undefined }))
      const bytes = bytesAfter(before, files, objectFormat)
      expect(bytes).toBeDefined()
      expect(await entriesOf(repository, bytes)).toEqual(expected)
    })
    await fc.assert(property, { numRuns: 12 })
  }, 60_000)
})

const ID = '1'.repeat(40)
const RECORD: IndexedFile = { path: 'kitty-ops/1.jsonl', id: ID, stat: undefined }

describe('an index', () => {
  it('that is damaged anywhere in its structure is left to git', async () => {
    const repository = await newRepository()
    await repository.write('a/b.txt', 'b\n')
    await repository.commit('More')
    const whole = await repository.indexBytes()
    expect(bytesAfter(whole, [RECORD])).toBeDefined()
    for (let length = 0; length < whole.length - 20; length += 1) {
      const cut = Buffer.concat([whole.subarray(0, length), whole.subarray(-20)])
      const bytes = bytesAfter(cut, [RECORD])
      // Only an index without its extensions is whole.
      if (bytes !== undefined) expect(parseIndex(bytes, 20)?.extensions).toEqual([])
    }
  })

  it.each([
    ['a file below it', 'kitty-ops/1.jsonl/file'],
    ['a file instead of its folder', 'kitty-ops'],
  ])('with %s is left to git', async (_, path) => {
    const repository = await newRepository()
    const { stdout } = await repository.gitWith({ input: '' }, 'hash-object', '-w', '--stdin')
    const entry = `100644,${stdout.trim()},${path}`
    await repository.git('update-index', '--add', '--cacheinfo', entry)
    expect(bytesAfter(await repository.indexBytes(), [RECORD])).toBeUndefined()
  })

  it('without a hash gets none', async () => {
    const repository = await newRepository()
    const index = await repository.indexBytes()
    index.fill(0, index.length - 20)
    const bytes = bytesAfter(index, [RECORD])
    expect(bytes?.subarray(-20)).toEqual(Buffer.alloc(20))
  })
})

describe.skipIf(process.platform === 'win32')(
  'a file that changed when the index was written',
  () => {
    it.each([
      ['a moment ago', Math.floor(Date.now() / 1000) - 1],
      ['in the first second of all, after which git relies on every file', 1],
    ])('still shows its change after an Op: %s', async (_, time) => {
      const repository = await newRepository()
      // Only the time and the length of the file say whether it changed.
      await repository.git('config', 'core.trustCtime', 'false')
      await repository.write('file.txt', 'one\n')
      const [file, index] = ['file.txt', '.git/index'].map((name) => join(repository.path, name))
      await utimes(file ?? '', time, time)
      await repository.git('add', 'file.txt')
      await repository.git('commit', '--quiet', '-m', 'File')
      await writeFile(file ?? '', 'two\n')
      for (const path of [file, index]) await utimes(path ?? '', time, time)
      const ops = await storeAt(repository)
      for (let op = 0; op < 3; op += 1) await expectCommitted(repository, ops, await closeOne(ops))
      expect(await repository.git('diff', '--name-only')).toBe('file.txt')
    })
  },
)
