import { createHash } from 'node:crypto'
import { join, relative, sep } from 'node:path'
import { createFile } from '../fs/durable-file.js'
import { hasCode } from '../fs/errors.js'
import { canonicalPath, ensureFolder } from '../fs/folder.js'
import { findWorkTree, type WorkTree } from './git-dir.js'

/** The state folder of a project: intents and start notes, outside git also the commit lock; never records. */
export type StateLocation = {
  /** Absolute. It may not exist yet; see `ensureStateDir`. */
  readonly dir: string
  /** The git work tree that contains the root, if any. */
  readonly workTree?: WorkTree
}

const OUTSIDE_GIT = ['.kittify', 'state']

// Projects in one work tree share its git directory, so each has its own key.
const keyOf = (root: string, top: string): string => {
  const path = relative(top, root).split(sep).join('/')
  return path === '' ? 'root' : createHash('sha256').update(path).digest('hex').slice(0, 16)
}

/**
 * Finds the state folder of a project: in the work tree's own git directory, or `.kittify/state` outside git.
 * Different spellings of one root have the same folder. Creates nothing.
 */
export const stateDirOf = async (root: string): Promise<StateLocation> => {
  const real = canonicalPath(root)
  const workTree = await findWorkTree(real)
  if (workTree === undefined) return { dir: join(real, ...OUTSIDE_GIT) }
  return { dir: join(workTree.gitDir, 'kitty', keyOf(real, workTree.top)), workTree }
}

/** The folder of the commit lock. All project roots in a work tree share one lock, as they share git's index. */
export const lockFolderOf = ({ dir, workTree }: StateLocation): string =>
  workTree === undefined ? dir : join(workTree.gitDir, 'kitty')

// Keeps `.kittify/state` out of commits if the project becomes a git repository later.
const hideFromGit = async (dir: string): Promise<void> => {
  try {
    await createFile(join(dir, '.gitignore'), '*\n', 'process')
  } catch (error) {
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error
  }
}

/** Creates the state folder, and these folders in it, if they are missing. */
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
