import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { canonicalPath } from '../fs/folder.js'

/** A git work tree. All paths are absolute, with symbolic links resolved. */
export type WorkTree = {
  /** The top folder of the work tree. */
  readonly top: string
  /** Its own git directory; in a linked worktree the one under `worktrees/`. */
  readonly gitDir: string
  /** The git directory that all worktrees share; the same as `gitDir` in the main one. */
  readonly commonDir: string
}

type Kind = 'folder' | 'file' | undefined

// Synchronous: each call takes microseconds, less than the detour through the thread pool.
const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

const readPointer = (path: string): string | undefined => attempt(() => readFileSync(path, 'utf8'))

const kindOf = (path: string): Kind => {
  const info = attempt(() => statSync(path, { throwIfNoEntry: false }))
  if (info?.isDirectory() === true) return 'folder'
  return info?.isFile() === true ? 'file' : undefined
}

/** HEAD can be a symbolic link to a branch; it is dangling if the branch has no file of its own. */
const hasHead = (gitDir: string): boolean => {
  const path = join(gitDir, 'HEAD')
  return Boolean(readPointer(path)) || attempt(() => lstatSync(path).isSymbolicLink()) === true
}

/** The common directory of a git directory; `undefined` if the folder is not a git directory. */
const commonDirOf = (gitDir: string): string | undefined => {
  if (!hasHead(gitDir)) return undefined
  const shared = readPointer(join(gitDir, 'commondir')) ?? '.'
  const commonDir = resolve(gitDir, shared.trimEnd())
  return kindOf(join(commonDir, 'objects')) === 'folder' ? commonDir : undefined
}

const workTreeAt = (top: string, gitDir: string): WorkTree | undefined => {
  const commonDir = commonDirOf(gitDir)
  if (commonDir === undefined) return undefined
  return { top, gitDir: realpathSync.native(gitDir), commonDir: realpathSync.native(commonDir) }
}

const POINTER = /^gitdir: (.+?)[\r\n]*$/

const followPointer = (top: string): WorkTree | undefined => {
  const target = POINTER.exec(readPointer(join(top, '.git')) ?? '')?.[1]
  return target === undefined ? undefined : workTreeAt(top, resolve(top, target))
}

/** A work tree whose `.git` file leads to no git directory, for example because it is not mounted here. */
type Unreachable = { readonly unreachableTop: string }

const climb = (folder: string): WorkTree | Unreachable | undefined => {
  const kind = kindOf(join(folder, '.git'))
  // As in git: a `.git` file with a bad pointer ends the search, a `.git` folder that is not a repository does not.
  if (kind === 'file') return followPointer(folder) ?? { unreachableTop: folder }
  const found = kind && workTreeAt(folder, join(folder, '.git'))
  if (found) return found
  // Inside a bare repository, or inside `.git` itself, there is no work tree.
  if (commonDirOf(folder) !== undefined) return undefined
  const parent = dirname(folder)
  return parent === folder ? undefined : climb(parent)
}

/**
 * Finds the work tree of a folder by reading `.git`, without running git. Returns `undefined` outside git, in a
 * bare repository, and if `.git` has a bad pointer. Ignores environment variables.
 */
export const findWorkTree = async (folder: string): Promise<WorkTree | undefined> => {
  const found = climb(canonicalPath(folder))
  return found && 'gitDir' in found ? found : undefined
}

/**
 * Finds the top of a work tree whose git directory cannot be found: its `.git` file leads nowhere, as in a container
 * where only the work tree is mounted. Returns `undefined` if there is none.
 */
export const findUnreachableTop = async (folder: string): Promise<string | undefined> => {
  const found = climb(canonicalPath(folder))
  return found && 'unreachableTop' in found ? found.unreachableTop : undefined
}

/** Whether a work tree may have a sparse checkout. Checks a file in the git directory, without running git. */
export const hasSparseCheckout = async (root: string): Promise<boolean> => {
  const tree = await findWorkTree(root)
  return tree !== undefined && existsSync(join(tree.gitDir, 'info', 'sparse-checkout'))
}
