import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { isOpId } from '@kitty/record'
import { findWorkTree, mainTopOf } from '../project/git-dir.js'
import {
  PATH_FILE,
  ROOT_FILE,
  type StateFolderPaths,
  sharedFolderOf,
  treeFolderOf,
} from '../project/state-dir.js'
import { readWorkTreeId } from '../project/work-tree-id.js'

/** A project root of a work tree, and its state folder. */
export type KnownRoot = StateFolderPaths & {
  /** The root, absolute: where it is, or last was. */
  readonly root: string
}

/**
 * A work tree that the repository keeps state of.
 *
 * - `present`: it can be worked in
 * - `unreachable`: git knows it, but its folder is not here: on another mount, in a container, or deleted
 * - `gone`: it was removed
 */
export type KnownWorkTree = {
  readonly id: string
  readonly status: 'present' | 'unreachable' | 'gone'
  /** Where it is, or last was: absolute; `undefined` if that is not known. */
  readonly path: string | undefined
  /** Whether `git worktree lock` protects it. */
  readonly isLocked: boolean
  readonly roots: readonly KnownRoot[]
}

const textIn = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** The path of a work tree, as its git directory says it. */
const pathOf = (gitDir: string, commonDir: string): string | undefined => {
  if (gitDir === commonDir) return mainTopOf(commonDir)
  const pointer = textIn(join(gitDir, 'gitdir'))
  return pointer === undefined ? undefined : dirname(resolve(gitDir, pointer))
}

/** The git directories of a repository by the ids of their work trees. */
const gitDirsById = (commonDir: string): ReadonlyMap<string, string> => {
  const linked = namesIn(join(commonDir, 'worktrees')).map((name) =>
    join(commonDir, 'worktrees', name),
  )
  return new Map(
    [commonDir, ...linked].flatMap((gitDir) => {
      const id = readWorkTreeId(gitDir)
      return id === undefined ? [] : [[id, gitDir] as const]
    }),
  )
}

/** Whether a path leads to no folder outside of the one that it is joined to. */
const isBelow = (path: string): boolean => !isAbsolute(path) && !path.split(/[\\/]/).includes('..')

const rootsIn = (lockDir: string, path: string | undefined): readonly KnownRoot[] =>
  namesIn(lockDir).flatMap((name) => {
    const dir = join(lockDir, name)
    const prefix = textIn(join(dir, ROOT_FILE))
    const isKnown = prefix !== undefined && isBelow(prefix)
    return isKnown ? [{ dir, lockDir, root: join(path ?? '', prefix) }] : []
  })

const isSameTree = async (path: string, gitDir: string): Promise<boolean> =>
  existsSync(path) && (await findWorkTree(path))?.gitDir === gitDir

const knownWorkTree = async (
  commonDir: string,
  id: string,
  gitDir: string | undefined,
): Promise<KnownWorkTree> => {
  const lockDir = treeFolderOf(commonDir, id)
  const lastPath = textIn(join(lockDir, PATH_FILE))
  if (gitDir === undefined) {
    return {
      id,
      status: 'gone',
      path: lastPath,
      isLocked: false,
      roots: rootsIn(lockDir, lastPath),
    }
  }
  // Moved without git, a work tree still works, and git does not know where it is; our own state may.
  const paths = [pathOf(gitDir, commonDir), lastPath].filter((path) => path !== undefined)
  const isLocked = existsSync(join(gitDir, 'locked'))
  for (const path of paths) {
    if (!(await isSameTree(path, gitDir))) continue
    return { id, status: 'present', path, isLocked, roots: rootsIn(lockDir, path) }
  }
  const [path] = paths
  return { id, status: 'unreachable', path, isLocked, roots: rootsIn(lockDir, path) }
}

/**
 * Lists the work trees of a repository that have state, this one included. Reads files only. Returns `[]` outside
 * git.
 */
export const knownWorkTrees = async (root: string): Promise<readonly KnownWorkTree[]> => {
  const own = await findWorkTree(root)
  if (own === undefined) return []
  const { commonDir } = own
  // In this order, a work tree that is added meanwhile does not count as gone.
  const ids = namesIn(join(sharedFolderOf(commonDir), 'trees')).filter(isOpId)
  const gitDirs = gitDirsById(commonDir)
  return Promise.all(ids.map((id) => knownWorkTree(commonDir, id, gitDirs.get(id))))
}
