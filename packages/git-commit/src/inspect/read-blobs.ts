import { findWorkTree } from '@kitty/writer/internals'
import { readObjects } from '../objects/cat-file.js'
import { blobId, formatOf } from '../objects/object.js'

/** Whether git knows these bytes by this id, in either object format. */
export const isBlob = (id: string, bytes: Uint8Array): boolean => blobId(bytes, formatOf(id)) === id

/**
 * Returns the contents of blobs by id, all in memory. Leaves out blobs that are not in this clone; fetches nothing.
 *
 * @throws KittyError `GIT_FAILED` if one is damaged, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const readBlobs = async (
  root: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> => {
  const tree = ids.length === 0 ? undefined : await findWorkTree(root)
  if (tree === undefined) return new Map()
  const objects = await readObjects(tree.top, ids)
  const blobs = [...objects.values()].filter(({ type }) => type === 'blob')
  return new Map(blobs.map(({ id, bytes }) => [id, bytes]))
}
