import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ATTRIBUTES_PATH, ATTRIBUTES_TEXT, archivedPath, INDEX_PATH } from '../../project/paths.js'
import { countCommits, expectCommitted, expectInHead, pathsIn } from '../expect.js'
import { prepareOp } from '../prepared-op.js'
import { unbornRepository } from '../scratch-repository.js'
import type { Scene, SuiteCase } from '../suite-case.js'

const bytesAndMessage = async ({ strategy, repository }: Scene): Promise<void> => {
  const evidence = '.kittify/evidence/01/shot.bin'
  const files = {
    [evidence]: new Uint8Array([0, 255, 13, 10, 13, 0]),
    [ATTRIBUTES_PATH]: ATTRIBUTES_TEXT,
  }
  const op = await prepareOp(repository, { files })
  const sha = await expectCommitted(
    repository,
    (await strategy.commit(repository.top, [op.request]))[0],
  )
  const paths = [op.path, evidence, ATTRIBUTES_PATH]
  for (const path of paths) await expectInHead(repository, path)
  assert.deepEqual(await pathsIn(repository, sha), paths.sort())
  const commit = await repository.git('cat-file', 'commit', sha)
  assert.equal(commit.slice(commit.indexOf('\n\n') + 2), op.request.message)
}

const oneEach = async ({ strategy, repository }: Scene): Promise<void> => {
  const ops = [await prepareOp(repository), await prepareOp(repository)]
  const results = await strategy.commit(
    repository.top,
    ops.map(({ request }) => request),
  )
  const first = await expectCommitted(repository, results[0])
  const second = await expectCommitted(repository, results[1])
  assert.notEqual(first, second)
  assert.equal(await countCommits(repository), 3)
}

const archive = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  await strategy.commit(repository.top, [op.request])
  const moved = archivedPath(op.id)
  await repository.write(moved, op.text)
  await rm(join(repository.top, op.path))
  const message = 'chore(kitty-ops): archive 1 Ops\n'
  const request = { kind: 'archive', message, moves: [{ from: op.path, to: moved }] } as const
  const sha = await expectCommitted(
    repository,
    (await strategy.commit(repository.top, [request]))[0],
  )
  assert.deepEqual(await pathsIn(repository, sha), [op.path, moved].sort())
  await expectInHead(repository, moved)
  assert.equal(await repository.git('ls-files', '--', op.path), '')
}

const untrack = async ({ strategy, repository }: Scene): Promise<void> => {
  await repository.write(INDEX_PATH, '{}\n')
  await repository.write('mine.txt', 'mine\n')
  await repository.commit('The index of an older version')
  await repository.write('mine.txt', 'staged\n')
  await repository.git('add', 'mine.txt')
  await rm(join(repository.top, INDEX_PATH))
  const message = `chore(kitty-ops): untrack ${INDEX_PATH}\n`
  const request = { kind: 'untrack', message, path: INDEX_PATH } as const
  const [result] = await strategy.commit(repository.top, [request])
  assert.deepEqual(await pathsIn(repository, await expectCommitted(repository, result)), [
    INDEX_PATH,
  ])
  assert.equal(await repository.git('diff', '--cached', '--name-only'), 'mine.txt\n')
}

const indexCache = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository)
  const results = await strategy.commit(repository.top, [
    { ...op.request, index: { path: INDEX_PATH, commit: true } },
  ])
  const paths = await pathsIn(repository, await expectCommitted(repository, results[0]))
  assert.deepEqual(
    paths.filter((path) => path !== INDEX_PATH),
    [op.path],
  )
  for (const path of paths) await expectInHead(repository, path)
}

const below = async ({ strategy, repository }: Scene): Promise<void> => {
  const op = await prepareOp(repository, { below: 'services/api' })
  const sha = await expectCommitted(repository, (await strategy.commit(op.root, [op.request]))[0])
  assert.deepEqual(await pathsIn(repository, sha), [op.path])
}

const unborn = async ({ strategy }: Scene): Promise<void> => {
  const repository = await unbornRepository()
  try {
    const op = await prepareOp(repository)
    await expectCommitted(repository, (await strategy.commit(repository.top, [op.request]))[0])
    await expectInHead(repository, op.path)
    assert.equal(await countCommits(repository), 1)
  } finally {
    await repository.dispose()
  }
}

/** The content of commits. */
export const commitCases: readonly SuiteCase[] = [
  { name: 'the commit holds the bytes on disk, the paths and the message', run: bytesAndMessage },
  { name: 'each Op gets its own commit', run: oneEach },
  { name: 'an archive commit moves files', run: archive },
  { name: 'a commit can take one file out of the branch', run: untrack },
  { name: 'the commit has the record and at most the index cache', run: indexCache },
  { name: 'the project root can be below the top of the work tree', run: below },
  { name: 'an unborn branch gets its first commit', run: unborn },
]
