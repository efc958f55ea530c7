import { splitPath } from '../git/paths.js'
import { type GitObject, gitObject, type ObjectFormat, type ObjectType } from './object.js'
import { EMPTY_TREE, entryIn, FOLDER_MODE, withEntry, withoutEntry } from './tree.js'

/** A file to commit, or its removal. Paths are relative to the top, with `/`. */
export type FileChange =
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly path: string }

/** Edits the trees of a repository, one set of changes after the other, and reports each new object. */
type TreeEditor = {
  /** Applies changes. Returns the id of the tree of the whole repository. */
  readonly apply: (changes: readonly FileChange[]) => string
}

const FILE_MODE = '100644'

/** The path of the top. */
const TOP = ''

const depthOf = (folder: string): number => folder.split('/').length

/** Returns these folders and all folders above them except the top, deepest first. */
const upwards = (folders: Iterable<string>): string[] => {
  const all = new Set<string>()
  for (const folder of folders) {
    for (let at = folder; at !== ''; at = splitPath(at).folder) all.add(at)
  }
  return [...all].sort((a, b) => depthOf(b) - depthOf(a))
}

/**
 * Creates an editor that begins with HEAD's trees on the way to what will be changed. `onNew` receives each object
 * to store, with its path: files first, then the folders that hold them.
 */
export const treeEditor = (
  head: ReadonlyMap<string, Buffer>,
  format: ObjectFormat,
  onNew: (object: GitObject, path: string) => void,
): TreeEditor => {
  const trees = new Map(head)
  const idLength = gitObject('blob', EMPTY_TREE, format).id.length / 2
  const treeOf = (folder: string): Buffer => trees.get(folder) ?? EMPTY_TREE
  const add = (type: ObjectType, bytes: Uint8Array, path: string): string => {
    const object = gitObject(type, bytes, format)
    onNew(object, path)
    return object.id
  }
  const put = (path: string, mode: string, id: string | undefined): void => {
    const { folder, name } = splitPath(path)
    const tree = treeOf(folder)
    const next = id ? withEntry(tree, name, { mode, id }) : withoutEntry(tree, name, idLength)
    trees.set(folder, next)
  }
  const isFolder = (path: string): boolean => {
    const { folder, name } = splitPath(path)
    return entryIn(treeOf(folder), name, idLength)?.mode === FOLDER_MODE
  }
  const writeFolder = (folder: string): void => {
    const tree = treeOf(folder)
    const id = tree.length === 0 ? undefined : add('tree', tree, folder)
    // A file may have replaced a folder that is gone.
    if (id !== undefined || isFolder(folder)) put(folder, FOLDER_MODE, id)
  }
  /** Removes what a new file replaces: a folder of its name, and each file that has the name of a folder above it. */
  const dropReplaced = (path: string): void => {
    for (const folder of trees.keys()) {
      if (folder === path || folder.startsWith(`${path}/`)) trees.delete(folder)
    }
    for (let { folder } = splitPath(path); folder !== ''; folder = splitPath(folder).folder) {
      if (!isFolder(folder)) put(folder, FILE_MODE, undefined)
    }
  }
  const applyChange = (change: FileChange): void => {
    const { path } = change
    if (change.kind === 'remove') {
      // Only a file is removed; a folder of that name is something else.
      if (!isFolder(path)) put(path, FILE_MODE, undefined)
      return
    }
    dropReplaced(path)
    put(path, FILE_MODE, add('blob', change.bytes, path))
  }
  return {
    apply: (changes) => {
      changes.forEach(applyChange)
      upwards(changes.map(({ path }) => splitPath(path).folder)).forEach(writeFolder)
      return add('tree', treeOf(TOP), TOP)
    },
  }
}
