import { findWorkTree } from '@kitty/writer'
import { parseBatch } from './cat-file.js'
import { runGit } from './git.js'
import { blobId, formatOf } from './git-object.js'

/** Whether these bytes are what git knows by this id, of either object format. */
export const isBlob = (id: string, bytes: Uint8Array): boolean => blobId(bytes, formatOf(id)) === id

/**
 * The contents of blobs, by id, in one process. One that is not in this clone is left out; nothing is
 * fetched. Throws KittyError `GIT_NOT_STARTED`.
 */
export const readBlobs = async (
  root: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> => {
  const tree = ids.length === 0 ? undefined : await findWorkTree(root)
  if (tree === undefined) return new Map()
  const input = ids.map((id) => `${id}\n`).join('')
  const objects = parseBatch((await runGit(tree.top, ['cat-file', '--batch'], { input })).stdout)
  const blobs = [...objects.values()].filter(({ type }) => type === 'blob')
  return new Map(blobs.map(({ id, bytes }) => [id, bytes]))
}
