import { type CommittedRecords, OPS_DIR, opIdOfName } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { gitText } from '../git/query.js'
import { readTip } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'
import { isBlob } from './read-blobs.js'
import { storesAtTip } from './stores.js'

// `<mode> blob <id>\t<path>`; a symbolic link or a submodule in a record's place is not a record.
const ENTRY = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s

const parseTree = (listing: string, prefix: string): Map<string, string> => {
  const records = new Map<string, string>()
  const skip = prefix === '' ? 0 : prefix.length + 1
  for (const entry of listing.split('\0')) {
    const [, blob, path] = ENTRY.exec(entry) ?? []
    if (blob === undefined || path === undefined) continue
    if (opIdOfName(path.slice(path.lastIndexOf('/') + 1))) records.set(path.slice(skip), blob)
  }
  return records
}

/**
 * Returns the records in HEAD, hot and archived: from each path, relative to the project root and with `/`, to the
 * id of its blob. Empty on an unborn branch, `undefined` outside git.
 *
 * @throws KittyError `GIT_FAILED` if git cannot list them, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const recordsInHead = async (
  root: string,
): Promise<ReadonlyMap<string, string> | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return undefined
  const tip = await readTip(workTree, workTree.head)
  if (tip === undefined) return new Map()
  const folder = toTopPath(workTree.prefix, OPS_DIR)
  const args = ['ls-tree', '-r', '-z', '--full-tree', tip, '--', folder]
  const listing = await gitText(workTree.top, args, { what: 'list the records in HEAD' })
  return parseTree(listing, workTree.prefix)
}

/**
 * Returns the records that HEAD has of the other stores in this work tree: from each path, relative to the project root
 * of its store and with `/`, to the id of its blob. Empty outside git.
 *
 * @throws KittyError `GIT_FAILED` if git cannot list them, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const recordsOfOtherStores = async (root: string): Promise<ReadonlyMap<string, string>> => {
  const workTree = await readWorkTree(root)
  const tip = workTree && (await readTip(workTree, workTree.head))
  if (workTree === undefined || tip === undefined) return new Map()
  const { top: cwd, prefix } = workTree
  const own = toTopPath(prefix, '')
  const others = (await storesAtTip({ cwd, tip })).filter((store) => store !== own)
  const found = new Map<string, string>()
  for (const store of others) {
    const args = ['ls-tree', '-r', '-z', '--full-tree', tip, '--', `${store}${OPS_DIR}`]
    const listing = await gitText(cwd, args, { what: 'list the records in HEAD' })
    for (const [path, blob] of parseTree(listing, store.slice(0, -1))) found.set(path, blob)
  }
  return found
}

/** Implements `recordsInHead` of the port. Throws what the other does. */
export const committedRecords = async (root: string): Promise<CommittedRecords | undefined> => {
  const head = await recordsInHead(root)
  if (head === undefined) return undefined
  const holds = (path: string, bytes: Uint8Array): boolean => isBlob(head.get(path) ?? '', bytes)
  return { has: (path) => head.has(path), holds }
}
