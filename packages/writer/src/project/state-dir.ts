import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { KittyError } from '@kitty/record'
import { canonicalPath } from '../fs/folder.js'
import { findUnreachableTop, findWorkTree, type WorkTree } from './git-dir.js'
import { readWorkTreeId } from './work-tree-id.js'

/**
 * Where the state of a project root lies.
 *
 * - `git`: in the common git directory, `kitty/trees/<id of the work tree>/<key of the root>`, so that it outlives the
 *   work tree
 * - `in-work-tree`: in `.kittify/state`, because the git directory cannot be found or written
 * - `outside-git`: in `.kittify/state`
 */
export type StatePlace = 'git' | 'in-work-tree' | 'outside-git'

/** The state folder of a project root: intents and start notes; never records. */
export type StateLocation = {
  readonly place: StatePlace
  /** Absolute. It may not exist yet. */
  readonly dir: string
  /** The folder of the commit lock. All project roots in a work tree share one lock, as they share git's index. */
  readonly lockDir: string
  /** The git work tree that contains the root, if any. */
  readonly workTree?: WorkTree
}

/** A state folder, and the folder of the lock that guards it. */
export type StateFolderPaths = Pick<StateLocation, 'dir' | 'lockDir'>

/** The paths of the commit lock of a state folder. */
export const commitLockOf = ({ lockDir }: Pick<StateFolderPaths, 'lockDir'>) => ({
  path: join(lockDir, 'commit.lock'),
  tokens: join(lockDir, 'tokens'),
})

/** The version of the state's layout. 1 was in the work tree's own git directory, without a file that said so. */
const FORMAT = 2

export const FORMAT_FILE = 'format'
/** In the folder of a work tree: its last known path. */
export const PATH_FILE = 'path'
/** In the state folder of a root: its path below the top of the work tree, with `/`. */
export const ROOT_FILE = 'root'
export const FORMAT_TEXT = `${FORMAT}\n`

// Projects in one work tree share its git directory, so each has its own key.
const keyOf = (prefix: string): string =>
  prefix === '' ? 'root' : createHash('sha256').update(prefix).digest('hex').slice(0, 16)

/** The path of a root below the top of its work tree, with `/`; empty for the top. */
export const prefixOf = (root: string, { top }: WorkTree): string =>
  relative(top, root).split(sep).join('/')

/** The folder of everything that this software keeps in a common git directory. */
export const sharedFolderOf = (commonDir: string): string => join(commonDir, 'kitty')

/** The folder of a work tree's state: its locks, and a folder for each of its roots. */
export const treeFolderOf = (commonDir: string, id: string): string =>
  join(sharedFolderOf(commonDir), 'trees', id)

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const KEY = /^(?:root|[0-9a-f]{16})$/

/** The state folders of all roots in all work trees. */
export const stateFoldersIn = (commonDir: string): readonly string[] => {
  const trees = join(sharedFolderOf(commonDir), 'trees')
  return namesIn(trees).flatMap((id) =>
    namesIn(join(trees, id)).flatMap((name) => (KEY.test(name) ? [join(trees, id, name)] : [])),
  )
}

/** The state of a root in the common git directory. */
export const stateInGit = (root: string, workTree: WorkTree, id: string): StateLocation => {
  const lockDir = treeFolderOf(workTree.commonDir, id)
  return { place: 'git', dir: join(lockDir, keyOf(prefixOf(root, workTree))), lockDir, workTree }
}

const IN_ROOT = ['.kittify', 'state']

/** The state of a root below the root itself. */
export const stateInRoot = async (root: string, workTree?: WorkTree): Promise<StateLocation> => {
  const dir = join(root, ...IN_ROOT)
  const isInGit = workTree !== undefined || (await findUnreachableTop(root)) !== undefined
  const place = isInGit ? 'in-work-tree' : 'outside-git'
  return { place, dir, lockDir: dir, ...(workTree && { workTree }) }
}

const isFolder = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    // A folder above it is a file, or cannot be read.
    return false
  }
}

/** The state folders of a root in other places: in the work tree's own git directory, or below the root. */
export const olderStatesOf = (
  root: string,
  current: StateLocation,
): readonly StateFolderPaths[] => {
  const { workTree } = current
  if (workTree === undefined) return []
  const lockDir = sharedFolderOf(workTree.gitDir)
  const first = { dir: join(lockDir, keyOf(prefixOf(root, workTree))), lockDir }
  const inRoot = join(root, ...IN_ROOT)
  return [first, { dir: inRoot, lockDir: inRoot }].filter(
    ({ dir }) => dir !== current.dir && isFolder(dir),
  )
}

/** Throws `STATE_NEWER` if a newer version of this software wrote the state. */
const checkFormat = (folder: string): void => {
  let text = FORMAT_TEXT
  try {
    text = readFileSync(join(folder, FORMAT_FILE), 'utf8')
  } catch {
    return
  }
  if (text.trim() === '' || Number(text) <= FORMAT) return
  throw new KittyError(
    'STATE_NEWER',
    `The state in ${folder} was written by a newer version of this program (format ${text.trim().slice(0, 20)}).`,
    { hint: 'Update this program. Nothing was changed.' },
  )
}

// No work tree has this id: its folder is never created.
const NO_ID = 'none'

/** The location again, for a work tree that may have got its id since it was found. */
export const withKnownId = (root: string, location: StateLocation): StateLocation => {
  const { workTree, lockDir } = location
  if (workTree === undefined || basename(lockDir) !== NO_ID) return location
  const id = readWorkTreeId(workTree.gitDir)
  return id === undefined ? location : stateInGit(root, workTree, id)
}

/**
 * Finds the state folder of a project root. Different spellings of one root have the same folder. Creates nothing.
 * Throws `STATE_NEWER`.
 */
export const stateDirOf = async (root: string): Promise<StateLocation> => {
  const real = canonicalPath(root)
  const workTree = await findWorkTree(real)
  const inRoot = await stateInRoot(real, workTree)
  if (workTree === undefined) {
    checkFormat(inRoot.dir)
    return inRoot
  }
  checkFormat(sharedFolderOf(workTree.commonDir))
  const id = readWorkTreeId(workTree.gitDir)
  if (id === undefined && isFolder(inRoot.dir)) return inRoot
  return stateInGit(real, workTree, id ?? NO_ID)
}
