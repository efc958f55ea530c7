import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { newOpId } from '@kitty/record'
import { closedRecordText, newRepository, tempFolder } from '@kitty/test-kit'
import { archivedPath, recordPath } from '@kitty/writer/internals'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  filesLostSince,
  findHistory,
  otherRootsInHead,
  recordsOfOtherStores,
  storesAtTip,
  storesOfFiles,
} from '../../src/inspect.js'

const [top, below, archived] = [newOpId(), newOpId(), newOpId()]
const files = {
  [recordPath(top)]: closedRecordText({ id: top }),
  [`packages/api/${recordPath(below)}`]: closedRecordText({ id: below }),
  [`[odd] *?/${archivedPath(archived)}`]: closedRecordText({ id: archived }),
  // None of these is a record at its own place.
  'docs/kitty-ops/notes.jsonl': '{}\n',
  [`docs/${newOpId()}.jsonl`]: '{}\n',
  [`docs/kitty-ops/${newOpId()}/x.jsonl`]: '{}\n',
}
const STORES = ['', '[odd] *?/', 'packages/api/']

let path: string
let first: string

beforeAll(async () => {
  const repository = await newRepository({ files })
  path = repository.path
  first = await repository.git('rev-parse', 'HEAD')
})

describe('the stores at the tip', () => {
  it('are those with a record at its own path', async () => {
    expect(storesOfFiles(Object.keys(files))).toEqual(STORES)
    expect(await storesAtTip({ cwd: path, tip: first })).toEqual(STORES)
    const others = STORES.filter((prefix) => prefix !== '')
    expect(await otherRootsInHead(path)).toEqual(others.map((prefix) => join(path, prefix, '.')))
  })

  it('are none without records, on an unborn branch, and outside git', async () => {
    const plain = await newRepository({ files: { 'docs/kitty-ops/notes.jsonl': '{}\n', a: 'a\n' } })
    expect(await otherRootsInHead(plain.path)).toEqual([])
    const without = await newRepository({ files: { a: 'a\n' } })
    expect(await otherRootsInHead(without.path)).toEqual([])
    const unborn = await tempFolder()
    await plain.git('init', '--quiet', unborn)
    const outside = await tempFolder()
    for (const root of [unborn, outside]) {
      expect(await otherRootsInHead(root)).toEqual([])
      expect(await recordsOfOtherStores(root)).toEqual(new Map())
    }
    expect(await storesAtTip({ cwd: path, tip: undefined })).toEqual([])
  })
})

describe('the records of other stores', () => {
  it('are all but those of the store, with paths below their own roots', async () => {
    expect([...(await recordsOfOtherStores(path)).keys()].toSorted()).toEqual(
      [archivedPath(archived), recordPath(below)].toSorted(),
    )
    const api = join(path, 'packages', 'api')
    await mkdir(api, { recursive: true })
    expect([...(await recordsOfOtherStores(api)).keys()].toSorted()).toEqual(
      [archivedPath(archived), recordPath(top)].toSorted(),
    )
  })
})

describe('the files that the tip lost', () => {
  it('are those of every store at or below the root that a commit had otherwise', async () => {
    const repository = await newRepository({ files })
    const before = await repository.git('rev-parse', 'HEAD')
    const blob = await repository.git('rev-parse', `HEAD:${recordPath(top)}`)
    await repository.git('rm', '--quiet', `:(literal)packages/api/${recordPath(below)}`)
    await repository.write(recordPath(top), 'changed\n')
    await repository.write('unrelated.txt', 'new\n')
    await repository.commit('Loses records')
    const lost = await filesLostSince(await findHistory(repository.path), before)
    expect(lost.map((file) => file.path).toSorted()).toEqual(
      [recordPath(top), `packages/api/${recordPath(below)}`].toSorted(),
    )
    expect(lost.find((file) => file.path === recordPath(top))?.blob).toBe(blob)
    const unborn = { ...(await findHistory(repository.path)), tip: undefined }
    expect(await filesLostSince(unborn, before)).toEqual([])
  })
})
