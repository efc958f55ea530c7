import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '@kitty/test-kit'
import type { Completion, Ops } from '@kitty/writer'
import { expect } from 'vitest'
import { blobId } from '../../src/objects/object.js'

type Closed = Pick<Completion, 'path' | 'id'>

const ids = async (repository: Repository, paths: readonly string[]): Promise<string[]> => {
  const names = paths.flatMap((path) => [`HEAD:./${path}`, `:./${path}`])
  return (await repository.git('rev-parse', ...names)).split('\n')
}

/** HEAD and the index hold exactly these bytes at a path, which is relative to the repository's path. */
export const expectBytes = async (
  repository: Repository,
  path: string,
  bytes: Uint8Array,
): Promise<void> => {
  const [inHead = '', inIndex] = await ids(repository, [path])
  expect(inHead).toBe(blobId(bytes, inHead.length === 40 ? 'sha1' : 'sha256'))
  expect(inIndex).toBe(inHead)
}

/** The Op is in HEAD, once, to the byte; none of it is pending, and git status shows none of its files. */
export const expectCommitted = async (
  repository: Repository,
  ops: Ops,
  { path, id }: Closed,
): Promise<void> => {
  await expectBytes(repository, path, await readFile(join(repository.path, path)))
  const trailer = `--grep=^Op-Id: ${id}$`
  expect(await repository.git('rev-list', '--count', trailer, 'HEAD')).toBe('1')
  expect(await repository.git('status', '--porcelain', '--', 'kitty-ops')).toBe('')
  expect((await ops.pending()).map((mark) => mark.id)).not.toContain(id)
}
