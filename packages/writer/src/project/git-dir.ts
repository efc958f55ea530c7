import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { canonicalPath } from '../fs/folder.js'

/** A git work tree, all paths absolute and with symbolic links resolved. */
export type WorkTree = {
  /** The top folder of the work tree. */
  readonly top: string
  /** Its own git directory; in a linked worktree the one under `worktrees/`. */
  readonly gitDir: string
  /** The git directory that all worktrees share; the same as `gitDir` in the main one. */
  readonly commonDir: string
}

type Kind = 'folder' | 'file' | undefined

// Synchronous: each call takes microseconds, less than its way through the thread pool.
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

/** HEAD may be a symbolic link to a branch, which leads nowhere where that has no file of its own. */
const hasHead = (gitDir: string): boolean => {
  const path = join(gitDir, 'HEAD')
  return Boolean(readPointer(path)) || attempt(() => lstatSync(path).isSymbolicLink()) === true
}

/** The shared directory of a git directory; `undefined` when the folder is no git directory. */
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

const climb = (folder: string): WorkTree | undefined => {
  const kind = kindOf(join(folder, '.git'))
  // As git does: a pointer that leads nowhere ends the search, a folder that is no repository does not.
  if (kind === 'file') return followPointer(folder)
  const found = kind && workTreeAt(folder, join(folder, '.git'))
  if (found) return found
  // Inside a bare repository, or inside `.git` itself, there is no work tree.
  if (commonDirOf(folder) !== undefined) return undefined
  const parent = dirname(folder)
  return parent === folder ? undefined : climb(parent)
}

/**
 * The work tree that holds a folder, found by reading `.git` without starting git; `undefined` outside
 * git, in a bare repository, and where `.git` points nowhere. Environment variables play no part.
 */
export const findWorkTree = async (folder: string): Promise<WorkTree | undefined> =>
  climb(canonicalPath(folder))

/** Whether a work tree may keep files off the disk; told by a file of git's, without starting it. */
export const hasSparseCheckout = async (root: string): Promise<boolean> => {
  const tree = await findWorkTree(root)
  return tree !== undefined && existsSync(join(tree.gitDir, 'info', 'sparse-checkout'))
}
