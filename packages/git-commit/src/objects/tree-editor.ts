import { splitPath } from '../git/paths.js'
import { type GitObject, gitObject, type ObjectFormat, type ObjectType } from './object.js'
import { EMPTY_TREE, type EntryChange, FOLDER_MODE, type TreeEntry, withChanges } from './tree.js'

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

/** The trees of folders, each with changes that are applied when it is needed. */
const changedTrees = (head: ReadonlyMap<string, Buffer>, idLength: number) => {
  const trees = new Map(head)
  const waiting = new Map<string, Map<string, EntryChange>>()
  const change = (path: string, next: (last: EntryChange | undefined) => EntryChange): void => {
    const { folder, name } = splitPath(path)
    const changes = waiting.get(folder) ?? new Map<string, EntryChange>()
    changes.set(name, next(changes.get(name)))
    waiting.set(folder, changes)
  }
  return {
    put: (path: string, entry: TreeEntry): void => change(path, () => entry),
    removeFile: (path: string): void =>
      change(path, (last = 'no file') => (last === 'no file' ? last : 'nothing')),
    /** Leaves alone a file that was put in its place. */
    removeFolder: (path: string): void =>
      change(path, (last = 'no folder') => (last === 'no file' ? 'nothing' : last)),
    /** Forgets what is below a path. */
    forget: (path: string): void => {
      for (const folder of [...trees.keys(), ...waiting.keys()]) {
        if (folder !== path && !folder.startsWith(`${path}/`)) continue
        trees.delete(folder)
        waiting.delete(folder)
      }
    },
    treeOf: (folder: string): Buffer => {
      const [tree, changes] = [trees.get(folder) ?? EMPTY_TREE, waiting.get(folder)]
      if (changes === undefined) return tree
      const changed = withChanges(tree, changes, idLength)
      waiting.delete(folder)
      trees.set(folder, changed)
      return changed
    },
  }
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
  const trees = changedTrees(head, gitObject('blob', EMPTY_TREE, format).id.length / 2)
  const add = (type: ObjectType, bytes: Uint8Array, path: string): string => {
    const object = gitObject(type, bytes, format)
    onNew(object, path)
    return object.id
  }
  const writeFolder = (folder: string): void => {
    const tree = trees.treeOf(folder)
    if (tree.length === 0) trees.removeFolder(folder)
    else trees.put(folder, { mode: FOLDER_MODE, id: add('tree', tree, folder) })
  }
  const applyChange = (change: FileChange): void => {
    const { path } = change
    // Only a file is removed; a folder of that name is something else.
    if (change.kind === 'remove') {
      trees.removeFile(path)
      return
    }
    // It replaces a folder of its name, and each file that has the name of a folder above it.
    trees.forget(path)
    for (let { folder } = splitPath(path); folder !== TOP; folder = splitPath(folder).folder) {
      trees.removeFile(folder)
    }
    trees.put(path, { mode: FILE_MODE, id: add('blob', change.bytes, path) })
  }
  return {
    apply: (changes) => {
      changes.forEach(applyChange)
      upwards(changes.map(({ path }) => splitPath(path).folder)).forEach(writeFolder)
      return add('tree', trees.treeOf(TOP), TOP)
    },
  }
}
