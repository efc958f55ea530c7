import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRepository, type Repository } from '@kitty/test-kit'
import { describe, expect, it } from 'vitest'
import type { CommitRequest, CommitResult } from '../../src/ports/commit-strategy.js'
import { INDEX_PATH } from '../../src/project/paths.js'
import { closedLines, idAt, putRecord } from '../support/records.js'
import { openIn } from '../support/store.js'
import { NOT_NOW } from '../support/strategies.js'

/** A strategy that notes whether the index was there when it was asked. */
const noting = ({ path }: Repository, answer: CommitResult) => {
  const seen: (readonly [CommitRequest['kind'], boolean])[] = []
  const commit = async (_: string, requests: readonly CommitRequest[]) => {
    for (const { kind } of requests) seen.push([kind, existsSync(join(path, INDEX_PATH))])
    return requests.map(() => answer)
  }
  return { seen, strategy: { name: 'mine', commit } }
}

const OP = idAt(1)

const COMMITTED: CommitResult = { status: 'committed', sha: 'c1' }

const withIndex = async (): Promise<Repository> => {
  const repository = await newRepository()
  await repository.write(INDEX_PATH, 'rows\n')
  return repository
}

/** Makes `info/exclude` unusable. */
const blockExclude = ({ path }: Repository): Promise<void> =>
  writeFile(join(path, '.git', 'info'), 'a file where git has a folder\n')

describe('taking the index out of the branch', () => {
  it('keeps the file as a local cache that git does not see', async () => {
    const repository = await withIndex()
    const { seen, strategy } = noting(repository, COMMITTED)
    const ops = await openIn(repository.path, { strategy })
    expect(await ops.untrackIndex()).toEqual(COMMITTED)
    expect(seen).toEqual([['untrack', false]])
    expect(await repository.read(INDEX_PATH)).toBe('rows\n')
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('removes the file if no line can hide it', async () => {
    const repository = await withIndex()
    await blockExclude(repository)
    const ops = await openIn(repository.path, noting(repository, COMMITTED))
    expect(await ops.untrackIndex()).toEqual(COMMITTED)
    expect(existsSync(join(repository.path, INDEX_PATH))).toBe(false)
  })

  it('leaves the file as it was if nothing is committed', async () => {
    const repository = await withIndex()
    const ops = await openIn(repository.path, noting(repository, NOT_NOW))
    expect(await ops.untrackIndex()).toEqual(NOT_NOW)
    expect(await repository.read(INDEX_PATH)).toBe('rows\n')
    expect(await repository.statusPorcelain()).toEqual([`?? ${INDEX_PATH}`])
  })

  it('works without the file', async () => {
    const repository = await newRepository()
    const ops = await openIn(repository.path, noting(repository, COMMITTED))
    expect(await ops.untrackIndex()).toEqual(COMMITTED)
    expect(existsSync(join(repository.path, INDEX_PATH))).toBe(false)
  })

  it('does nothing where nothing is committed', async () => {
    const repository = await withIndex()
    const ops = await openIn(repository.path)
    expect(await ops.untrackIndex()).toEqual({ status: 'skipped', reason: 'disabled' })
    expect(await repository.read(INDEX_PATH)).toBe('rows\n')
    expect(existsSync(join(repository.path, '.git', 'kitty'))).toBe(false)
  })
})

describe('rebuilding the index', () => {
  const withRecord = async (): Promise<Repository> => {
    const repository = await newRepository()
    await putRecord(repository.path, OP, closedLines(1, OP))
    await repository.commit('A record')
    return repository
  }

  it('makes no new file that git would see', async () => {
    const repository = await withRecord()
    await blockExclude(repository)
    const ops = await openIn(repository.path)
    expect(await ops.reindex()).toEqual({ rows: 0 })
    expect(await repository.statusPorcelain()).toEqual([])
    await writeFile(join(repository.path, INDEX_PATH), '')
    expect(await ops.reindex()).toEqual({ rows: 1 })
    expect(await readFile(join(repository.path, INDEX_PATH), 'utf8')).toContain(OP)
  })

  it('makes a hidden file', async () => {
    const repository = await withRecord()
    const ops = await openIn(repository.path)
    expect(await ops.reindex()).toEqual({ rows: 1 })
    expect(await repository.statusPorcelain()).toEqual([])
  })

  it('makes no file that is to be committed, but writes one that is there', async () => {
    const repository = await withRecord()
    const ops = await openIn(repository.path, { commitOpsIndex: true })
    expect(await ops.reindex()).toEqual({ rows: 0 })
    await repository.write(INDEX_PATH, '')
    expect(await ops.reindex()).toEqual({ rows: 1 })
    await rm(join(repository.path, INDEX_PATH))
    expect(await ops.reindex()).toEqual({ rows: 0 })
  })
})
