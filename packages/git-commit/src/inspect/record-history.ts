import { OPS_DIR } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { readTip } from '../repository/head.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'
import { walkFolder } from './history.js'

/** A version of a file in `kitty-ops/`, as one commit left it. */
export type FileVersion = {
  readonly sha: string
  /** When it was committed, in milliseconds since 1970. */
  readonly at: number
  /** Relative to the project root, with `/`. */
  readonly path: string
  /** `undefined` if the commit deletes the file. */
  readonly blob: string | undefined
}

const versionsOf = async (
  { top, prefix }: WorkTreeState,
  range: readonly string[],
): Promise<readonly FileVersion[]> => {
  const skip = prefix === '' ? 0 : prefix.length + 1
  const commits = await walkFolder(top, range, toTopPath(prefix, OPS_DIR))
  return commits.flatMap(({ sha, at, changes }) =>
    changes.map(({ path, after }) => ({ sha, at, path: path.slice(skip), blob: after })),
  )
}

/**
 * Returns every version of every file in `kitty-ops/` in the history of HEAD, oldest first; of a merge only
 * versions that none of its parents has. Empty on an unborn branch and outside git.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const recordHistory = async (root: string): Promise<readonly FileVersion[]> => {
  const workTree = await readWorkTree(root)
  const tip = workTree && (await readTip(workTree, workTree.head))
  return workTree === undefined || tip === undefined ? [] : versionsOf(workTree, [tip])
}

/**
 * Like `recordHistory`, for commits that no branch or tag reaches any more but that are still in a reflog of this
 * clone: those that a reset, an aborted rebase or a deleted branch left behind.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const findUnreachableHistory = async (root: string): Promise<readonly FileVersion[]> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return []
  const tip = await readTip(workTree, workTree.head)
  const kept = ['--branches', '--remotes', '--tags', ...(tip === undefined ? [] : [tip])]
  return versionsOf(workTree, ['--ignore-missing', '--reflog', '--not', ...kept])
}
