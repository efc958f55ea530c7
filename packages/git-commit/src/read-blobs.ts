import { findWorkTree } from '@kitty/writer'
import { runGit } from './git.js'
import { blobId } from './repository-facts.js'

const SHA256_LENGTH = 64

/** Whether these bytes are what git knows by this id, of either object format. */
export const isBlob = (id: string, bytes: Uint8Array): boolean =>
  blobId(bytes, id.length === SHA256_LENGTH ? 'sha256' : 'sha1') === id

const HEADER = /^([0-9a-f]+) blob (\d+)$/

/** Takes apart what `cat-file --batch` prints: a header, the bytes, a line feed; or `<id> missing`. */
const parseBatch = (output: Buffer): Map<string, Buffer> => {
  const blobs = new Map<string, Buffer>()
  for (let at = 0, end = output.indexOf('\n'); end >= 0; end = output.indexOf('\n', at)) {
    const [, id, length] = HEADER.exec(output.toString('latin1', at, end)) ?? []
    at = end + 1
    if (id === undefined) continue
    blobs.set(id, output.subarray(at, at + Number(length)))
    at += Number(length) + 1
  }
  return blobs
}

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
  return parseBatch((await runGit(tree.top, ['cat-file', '--batch'], { input })).stdout)
}
