import type { OpId } from '@kitty/record'
import { blobAt, readHeadTree } from '../repository/head-tree.js'
import { objectReader } from '../repository/object-reader.js'
import { readWorkTree } from '../repository/work-tree.js'
import { ledgerPathOf } from './layout.js'
import { readOwnLedger } from './own-ledger.js'

/** Returns the closed record of an Op in the ledger of this clone, and its tip; `undefined` if it has none. */
export const heldRecord = async (
  root: string,
  id: OpId,
): Promise<{ readonly bytes: Buffer; readonly sha: string } | undefined> => {
  const [workTree, own] = [await readWorkTree(root), await readOwnLedger(root)]
  if (workTree === undefined || !own?.tip) return undefined
  const { tip: sha } = own
  const path = ledgerPathOf(id)
  const tree = await readHeadTree(workTree, sha, [path])
  const blob = tree.ok ? blobAt(tree.value, path) : undefined
  if (blob === undefined) return undefined
  const read = await objectReader(workTree)([blob])
  const bytes = read.ok ? read.value.get(blob)?.bytes : undefined
  return bytes && { bytes: Buffer.from(bytes), sha }
}
