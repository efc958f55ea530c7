import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { canonicalPath } from '../fs/folder.js'
import { isTrue, settingIn } from '../fs/git-config.js'

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

/**
 * Whether a folder has a HEAD: a file, or a symbolic link to a branch, which is dangling if the branch has no file of its own. A
 * damaged one counts, unlike in git: a crash can leave it empty, and the state of open Ops is beside it.
 */
const hasHead = (gitDir: string): boolean =>
  attempt(() => !lstatSync(join(gitDir, 'HEAD')).isDirectory()) === true

/** The common directory of a git directory; `undefined` if the folder is not a git directory. */
const commonDirOf = (gitDir: string): string | undefined => {
  if (!hasHead(gitDir)) return undefined
  const shared = readPointer(join(gitDir, 'commondir')) ?? '.'
  const commonDir = resolve(gitDir, shared.trimEnd())
  return kindOf(join(commonDir, 'objects')) === 'folder' ? commonDir : undefined
}

/** A folder that belongs to a repository, but to no work tree. */
export type NoWorkTree = {
  /** The git directory. */
  readonly gitDir: string
  /** The work tree of the repository, which is in another place (`core.worktree`); `undefined` if it is bare. */
  readonly elsewhere?: string
}

/** A work tree whose `.git` file leads to no git directory, for example because it is not mounted here. */
type Unreachable = { readonly unreachableTop: string }

type Found =
  | { readonly kind: 'work-tree'; readonly tree: WorkTree }
  | { readonly kind: 'no-work-tree'; readonly place: NoWorkTree }
  | ({ readonly kind: 'unreachable' } & Unreachable)

/** Most configurations contain neither a work tree in another place nor `bare = true`; it is faster to see that first. */
const MAY_MOVE = /worktree|bare(?!\s*=\s*(?:false|no|off|0)\s*$)/im

/** Where the work tree of a git directory is, if its configuration says that it is not beside it. */
const configuredPlace = (
  gitDir: string,
  commonDir: string,
): { readonly isBare: boolean; readonly top?: string } => {
  // Git ignores both settings in a linked work tree.
  if (gitDir !== commonDir) return { isBare: false }
  const text = readPointer(join(commonDir, 'config')) ?? ''
  if (!MAY_MOVE.test(text)) return { isBare: false }
  const own = isTrue(settingIn(text, 'extensions', 'worktreeconfig'))
    ? (readPointer(join(gitDir, 'config.worktree')) ?? '')
    : ''
  const setting = (name: string): string | undefined =>
    settingIn(own, 'core', name) ?? settingIn(text, 'core', name)
  const top = setting('worktree')
  return {
    isBare: isTrue(setting('bare')),
    ...(top !== undefined && { top: canonicalPath(resolve(gitDir, top)) }),
  }
}

/**
 * The top of the main work tree of a repository, as far as its git directory says it: unknown for a bare repository, and
 * for a git directory elsewhere that nothing leads back from (`git init --separate-git-dir`).
 */
export const mainTopOf = (commonDir: string): string | undefined => {
  const beside = basename(commonDir) === '.git' ? dirname(commonDir) : undefined
  const { isBare, top = beside } = configuredPlace(commonDir, commonDir)
  return isBare ? undefined : top
}

/** What the folder that contains `.git` belongs to, and every folder below it. */
const belongingTo = (gitDir: string, beside: string): Found | undefined => {
  const commonDir = commonDirOf(gitDir)
  if (commonDir === undefined) return undefined
  const [real, realCommon] = [realpathSync.native(gitDir), realpathSync.native(commonDir)]
  const { isBare, top = beside } = configuredPlace(real, realCommon)
  if (isBare) return { kind: 'no-work-tree', place: { gitDir: real } }
  // Git, started there, would not find the repository.
  if (top !== beside) return { kind: 'no-work-tree', place: { gitDir: real, elsewhere: top } }
  return { kind: 'work-tree', tree: { top, gitDir: real, commonDir: realCommon } }
}

const POINTER = /^gitdir: (.+?)[\r\n]*$/

const followPointer = (top: string): Found | undefined => {
  const target = POINTER.exec(readPointer(join(top, '.git')) ?? '')?.[1]
  return target === undefined ? undefined : belongingTo(resolve(top, target), top)
}

const climb = (at: string): Found | undefined => {
  const kind = kindOf(join(at, '.git'))
  // As in git: a `.git` file with a bad pointer ends the search, a `.git` folder that is not a repository does not.
  if (kind === 'file') return followPointer(at) ?? { kind: 'unreachable', unreachableTop: at }
  const found = kind && belongingTo(join(at, '.git'), at)
  if (found) return found
  // Inside a bare repository, or inside `.git` itself, there is no work tree.
  if (commonDirOf(at) !== undefined) return { kind: 'no-work-tree', place: { gitDir: at } }
  const parent = dirname(at)
  return parent === at ? undefined : climb(parent)
}

/**
 * Finds the work tree of a folder by reading `.git`, without running git. Returns `undefined` outside git, in a
 * bare repository, and if `.git` has a bad pointer. Ignores environment variables.
 */
export const findWorkTree = async (folder: string): Promise<WorkTree | undefined> => {
  const found = climb(canonicalPath(folder))
  return found?.kind === 'work-tree' ? found.tree : undefined
}

/**
 * Finds the repository of a folder that is in no work tree: in a bare repository, beside one that `.git` names, inside
 * a git directory, or where `core.worktree` names another folder. Returns `undefined` anywhere else.
 */
export const findNoWorkTree = async (folder: string): Promise<NoWorkTree | undefined> => {
  const found = climb(canonicalPath(folder))
  return found?.kind === 'no-work-tree' ? found.place : undefined
}

/**
 * Finds the top of a work tree whose git directory cannot be found: its `.git` file leads nowhere, as in a container
 * where only the work tree is mounted. Returns `undefined` if there is none.
 */
export const findUnreachableTop = async (folder: string): Promise<string | undefined> => {
  const found = climb(canonicalPath(folder))
  return found?.kind === 'unreachable' ? found.unreachableTop : undefined
}

/** Whether a work tree may have a sparse checkout. Checks a file in the git directory, without running git. */
export const hasSparseCheckout = async (root: string): Promise<boolean> => {
  const tree = await findWorkTree(root)
  return tree !== undefined && existsSync(join(tree.gitDir, 'info', 'sparse-checkout'))
}
