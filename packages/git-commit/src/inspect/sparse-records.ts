import { basename } from 'node:path'
import type { OpFile } from '@kitty/writer'
import { hasSparseCheckout, opFileOf, opIdOfName } from '@kitty/writer/internals'
import { indexEntries } from './index-entries.js'
import { readBlobs } from './read-blobs.js'

const read = async (root: string): Promise<readonly OpFile[]> => {
  const files = ((await indexEntries(root)) ?? []).filter(({ skipWorktree }) => skipWorktree)
  const named = files.flatMap(({ path, blob }) => {
    const id = opIdOfName(basename(path))
    return id === undefined ? [] : [{ id, path, blob }]
  })
  const blobs = await readBlobs(
    root,
    named.map(({ blob }) => blob),
  )
  return named.flatMap(({ id, path, blob }) => {
    const bytes = blobs.get(blob)
    return bytes === undefined ? [] : [opFileOf(root, id, { bytes, path })]
  })
}

/**
 * Returns the records that a sparse checkout keeps out of the work tree, read from git. Does not start git if the
 * checkout is not sparse.
 */
export const sparseRecords = async (root: string): Promise<readonly OpFile[]> =>
  // If git fails, a list without them is better than none.
  (await hasSparseCheckout(root)) ? read(root).catch(() => []) : []
