import { dirname } from 'node:path/posix'
import type { OpId } from '@kitty/record'
import { findWorkTree, type WorkTree } from '@kitty/writer/internals'
import type { Result } from '../git/result.js'
import { readRefTip } from '../repository/head.js'
import { blobAt, type HeadTree, readHeadTree } from '../repository/head-tree.js'
import { objectReader } from '../repository/object-reader.js'
import { ledgerPathOf, ledgerRefOf } from './layout.js'
import { readOwnWriter } from './own-writer.js'

/** What was read last: a sweep asks for many Ops of one day. */
let latest: { readonly key: string; readonly tree: Promise<Result<HeadTree>> } | undefined

const treeFor = (workTree: WorkTree, tip: string, path: string): Promise<Result<HeadTree>> => {
  const key = `${workTree.commonDir} ${tip} ${dirname(path)}`
  if (latest?.key !== key) latest = { key, tree: readHeadTree(workTree, tip, [path]) }
  return latest.tree
}

/** Returns the closed record of an Op in the ledger of this clone, and its tip; `undefined` if it has none. */
export const heldRecord = async (
  root: string,
  id: OpId,
): Promise<{ readonly bytes: Buffer; readonly sha: string } | undefined> => {
  const workTree = await findWorkTree(root)
  const writer = workTree && readOwnWriter(workTree.commonDir)
  const sha = writer && (await readRefTip(workTree, ledgerRefOf(writer)))
  if (workTree === undefined || sha === undefined) return undefined
  const path = ledgerPathOf(id)
  const tree = await treeFor(workTree, sha, path)
  const blob = tree.ok ? blobAt(tree.value, path) : undefined
  if (blob === undefined) return undefined
  const read = await objectReader(workTree)([blob])
  const bytes = read.ok ? read.value.get(blob)?.bytes : undefined
  return bytes && { bytes: Buffer.from(bytes), sha }
}
