import type { CommitResult } from '@kitty/writer'
import type { WorkTree } from '@kitty/writer/internals'
import { isFailure } from '../git/failures.js'
import { splitPath } from '../git/paths.js'
import { EMPTY_TREE, entryIn, FOLDER_MODE } from '../objects/tree.js'
import { type ObjectReader, objectReader } from './object-reader.js'

/** The trees of some folders in HEAD, by path relative to the top; the path of the top is empty. */
export type HeadTree = {
  readonly trees: ReadonlyMap<string, Buffer>
  /** In bytes: 20, or 32 for SHA-256. */
  readonly idLength: number
}

/** Returns the folders that lead to a path, outermost first. */
const foldersTo = (path: string): string[] => {
  const names = path.split('/').slice(0, -1)
  return ['', ...names.map((_, at) => names.slice(0, at + 1).join('/'))]
}

const TREE = /^tree ([0-9a-f]+)\n/

const rootTree = async (read: ObjectReader, tip: string): Promise<string | CommitResult> => {
  const found = await read([tip])
  if (isFailure(found)) return found
  const text = Buffer.from(found.get(tip)?.bytes ?? []).toString('latin1', 0, 80)
  const id = TREE.exec(text)?.[1]
  return (
    id ?? { status: 'failed', code: 'GIT_FAILED', message: `${tip} is not a commit with a tree.` }
  )
}

/** Returns those of the folders, all of one depth, that HEAD has, with the ids of their trees. */
const idsIn = (
  folders: readonly string[],
  { trees, idLength }: HeadTree,
): ReadonlyMap<string, string> => {
  const pairs = folders.flatMap((path) => {
    const { folder, name } = splitPath(path)
    const entry = entryIn(trees.get(folder) ?? EMPTY_TREE, name, idLength)
    return entry?.mode === FOLDER_MODE ? [[path, entry.id] as const] : []
  })
  return new Map(pairs)
}

const readInto = async (
  trees: Map<string, Buffer>,
  read: ObjectReader,
  ids: ReadonlyMap<string, string>,
): Promise<CommitResult | undefined> => {
  if (ids.size === 0) return undefined
  const found = await read([...new Set(ids.values())])
  if (isFailure(found)) return found
  for (const [path, id] of ids) trees.set(path, Buffer.from(found.get(id)?.bytes ?? EMPTY_TREE))
  return undefined
}

/**
 * Reads the folders on the way to some paths from a commit, one depth after the other. Returns a result if that
 * fails. Reads nothing else, so the size of the repository does not matter.
 */
export const readHeadTree = async (
  tree: WorkTree,
  tip: string | undefined,
  paths: readonly string[],
): Promise<HeadTree | CommitResult> => {
  const trees = new Map<string, Buffer>()
  if (tip === undefined) return { trees, idLength: 0 }
  const idLength = tip.length / 2
  const read = objectReader(tree)
  const root = await rootTree(read, tip)
  if (typeof root !== 'string') return root
  const folders = [...new Set(paths.flatMap(foldersTo))].filter((path) => path !== '')
  const depthOf = (path: string): number => path.split('/').length
  const deepest = Math.max(0, ...folders.map(depthOf))
  let ids: ReadonlyMap<string, string> = new Map([['', root]])
  for (let depth = 1; ; depth += 1) {
    const failed = await readInto(trees, read, ids)
    if (failed !== undefined || depth > deepest) return failed ?? { trees, idLength }
    ids = idsIn(
      folders.filter((path) => depthOf(path) === depth),
      { trees, idLength },
    )
  }
}

/**
 * Returns the id of the file that HEAD has at a path, or `undefined` if it has none or it is not a regular file.
 */
export const blobAt = ({ trees, idLength }: HeadTree, path: string): string | undefined => {
  const { folder, name } = splitPath(path)
  const entry = entryIn(trees.get(folder) ?? EMPTY_TREE, name, idLength)
  return entry?.mode.startsWith('100') ? entry.id : undefined
}
