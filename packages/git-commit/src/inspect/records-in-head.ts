import { type CommittedRecords, OPS_DIR, opIdOfName } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { gitFields } from '../git/query.js'
import { readTip } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'
import { isBlob } from './read-blobs.js'
import { storesAtTip } from './stores.js'

type Tree = { readonly cwd: string; readonly tip: string }

// `<mode> blob <id>\t<path>`; a symbolic link or a submodule in a record's place is not a record.
const FILE = /^100\d{3} blob $/
const BEFORE_ID = '100644 blob '.length
const TAB = 0x09

/** Adds the records in a folder of a tree to `found`, by their paths without `prefix`. */
const listRecords = async (
  { cwd, tip }: Tree,
  folder: string,
  prefix: string,
  found: Map<string, string>,
): Promise<void> => {
  const args = ['ls-tree', '-r', '-z', '--full-tree', tip, '--', folder]
  const skip = Buffer.byteLength(prefix)
  await gitFields(cwd, args, { what: 'list the records in HEAD' }, (entry) => {
    const tab = entry.indexOf(TAB)
    // Strings of their own: parts of one string would keep all of it in memory.
    const path = entry.toString('utf8', tab + 1 + skip)
    const isRecord =
      FILE.test(entry.toString('latin1', 0, BEFORE_ID)) &&
      opIdOfName(path.slice(path.lastIndexOf('/') + 1)) !== undefined
    if (isRecord) found.set(path, entry.toString('latin1', BEFORE_ID, tab))
  })
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
  const { top: cwd, prefix } = workTree
  const records = new Map<string, string>()
  await listRecords({ cwd, tip }, toTopPath(prefix, OPS_DIR), toTopPath(prefix, ''), records)
  return records
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
  const found = new Map<string, string>()
  for (const store of await storesAtTip({ cwd, tip }, own)) {
    await listRecords({ cwd, tip }, `${store}${OPS_DIR}`, store, found)
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
