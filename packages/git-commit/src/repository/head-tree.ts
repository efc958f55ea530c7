import type { CommitResult } from '@kitty/writer'
import type { WorkTree } from '@kitty/writer/internals'
import { splitPath } from '../git/paths.js'
import { ok, type Result, stop } from '../git/result.js'
import { EMPTY_TREE, entryFinder, FOLDER_MODE, type TreeEntry } from '../objects/tree.js'
import { type ObjectReader, objectReader } from './object-reader.js'

/** The trees of some folders in HEAD, by path relative to the top; the path of the top is empty. */
export type HeadTree = {
  readonly trees: ReadonlyMap<string, Buffer>
  /** Returns the entry at a path, of any kind; `undefined` if there is none, or if its folder was not read. */
  readonly entryAt: (path: string) => TreeEntry | undefined
}

/** Finds entries in these trees. `idLength` is in bytes: 20, or 32 for SHA-256. */
export const headTreeOf = (trees: ReadonlyMap<string, Buffer>, idLength: number): HeadTree => {
  const finders = new Map<string, (name: string) => TreeEntry | undefined>()
  return {
    trees,
    entryAt: (path) => {
      const { folder, name } = splitPath(path)
      const tree = trees.get(folder)
      if (tree === undefined) return undefined
      const find = finders.get(folder) ?? entryFinder(tree, idLength)
      finders.set(folder, find)
      return find(name)
    },
  }
}

/** The tree of a branch without a commit. */
export const NO_HEAD_TREE = headTreeOf(new Map(), 0)

/** Returns the folders that lead to a path, outermost first. */
const foldersTo = (path: string): string[] => {
  const names = path.split('/').slice(0, -1)
  return ['', ...names.map((_, at) => names.slice(0, at + 1).join('/'))]
}

const TREE = /^tree ([0-9a-f]+)\n/

const rootTree = async (read: ObjectReader, tip: string): Promise<Result<string>> => {
  const found = await read([tip])
  if (!found.ok) return found
  const text = Buffer.from(found.value.get(tip)?.bytes ?? []).toString('latin1', 0, 80)
  const id = TREE.exec(text)?.[1]
  if (id !== undefined) return ok(id)
  const message = `${tip} is not a commit with a tree.`
  return stop({ status: 'failed', code: 'GIT_FAILED', message })
}

/** Returns those of the folders, all of one depth, that HEAD has, with the ids of their trees. */
const idsIn = (folders: readonly string[], { entryAt }: HeadTree): ReadonlyMap<string, string> => {
  const pairs = folders.flatMap((path) => {
    const entry = entryAt(path)
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
  if (!found.ok) return found.result
  for (const [path, id] of ids)
    trees.set(path, Buffer.from(found.value.get(id)?.bytes ?? EMPTY_TREE))
  return undefined
}

/**
 * Reads the folders on the way to some paths from a commit, one depth after the other. Stops if that fails.
 * Reads nothing else, so the size of the repository does not matter.
 */
export const readHeadTree = async (
  tree: WorkTree,
  tip: string | undefined,
  paths: readonly string[],
): Promise<Result<HeadTree>> => {
  if (tip === undefined) return ok(NO_HEAD_TREE)
  const trees = new Map<string, Buffer>()
  const head = headTreeOf(trees, tip.length / 2)
  const read = objectReader(tree)
  const root = await rootTree(read, tip)
  if (!root.ok) return root
  const folders = [...new Set(paths.flatMap(foldersTo))].filter((path) => path !== '')
  const depthOf = (path: string): number => path.split('/').length
  const deepest = Math.max(0, ...folders.map(depthOf))
  let ids: ReadonlyMap<string, string> = new Map([['', root.value]])
  for (let depth = 1; ; depth += 1) {
    const failed = await readInto(trees, read, ids)
    if (failed !== undefined) return stop(failed)
    if (depth > deepest) return ok(head)
    ids = idsIn(
      folders.filter((path) => depthOf(path) === depth),
      head,
    )
  }
}

/**
 * Returns the id of the file that HEAD has at a path, or `undefined` if it has none or it is not a regular file.
 */
export const blobAt = ({ entryAt }: HeadTree, path: string): string | undefined => {
  const entry = entryAt(path)
  return entry?.mode.startsWith('100') ? entry.id : undefined
}
