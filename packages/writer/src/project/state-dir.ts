import { createHash } from 'node:crypto'
import { join, relative, sep } from 'node:path'
import { createFile } from '../fs/durable-file.js'
import { hasCode } from '../fs/errors.js'
import { canonicalPath, ensureFolder } from '../fs/folder.js'
import { findWorkTree, type WorkTree } from './git-dir.js'

/** Where state lies that is nobody's record: locks, intents, pending marks, started lines. */
export type StateLocation = {
  /** Absolute; may not be there yet, see `ensureStateDir`. */
  readonly dir: string
  /** The git work tree that holds the root, when there is one. */
  readonly workTree?: WorkTree
}

const OUTSIDE_GIT = ['.kittify', 'state']

// Two projects in one work tree share a git directory, so each gets a key of its own.
const keyOf = (root: string, top: string): string => {
  const path = relative(top, root).split(sep).join('/')
  return path === '' ? 'root' : createHash('sha256').update(path).digest('hex').slice(0, 16)
}

/**
 * The state folder of a project: in the work tree's own git directory, or `.kittify/state` outside git.
 * Two spellings of one root give the same folder. Creates nothing.
 */
export const stateDirOf = async (root: string): Promise<StateLocation> => {
  const real = canonicalPath(root)
  const workTree = await findWorkTree(real)
  if (workTree === undefined) return { dir: join(real, ...OUTSIDE_GIT) }
  return { dir: join(workTree.gitDir, 'kitty', keyOf(real, workTree.top)), workTree }
}

// One lock for each work tree, whatever project roots it holds: they share git's index.
export const lockFolderOf = ({ dir, workTree }: StateLocation): string =>
  workTree === undefined ? dir : join(workTree.gitDir, 'kitty')

// A later `git init` around `.kittify/state` must not lead to its being committed.
const hideFromGit = async (dir: string): Promise<void> => {
  try {
    await createFile(join(dir, '.gitignore'), '*\n', 'process')
  } catch (error) {
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error
  }
}

/** Makes the state folder, and some folders in it, where they are missing. */
export const ensureStateDir = async (
  { dir, workTree }: StateLocation,
  folders: readonly string[] = [],
): Promise<void> => {
  const base = workTree?.gitDir ?? join(dir, '..', '..')
  const path = relative(base, dir).split(sep).join('/')
  await ensureFolder(base, path, 'power')
  if (workTree === undefined) await hideFromGit(dir)
  for (const folder of folders) await ensureFolder(base, `${path}/${folder}`, 'power')
}
