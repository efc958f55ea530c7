import { OPS_DIR } from '@kitty/writer'
import { walkFolder } from './history-walk.js'
import { belowTop } from './planned-request.js'
import { readTip } from './tip.js'
import { lookAtWorkTree } from './work-tree.js'

/** What one commit made of one file in `kitty-ops/`. */
export type FileVersion = {
  readonly sha: string
  /** When it was committed, in milliseconds since 1970. */
  readonly at: number
  /** Relative to the project root, with `/`. */
  readonly path: string
  /** Undefined where the commit took the file away. */
  readonly blob: string | undefined
}

/**
 * Every version of every file in `kitty-ops/` in the history of HEAD, oldest first; of a merge what is in none
 * of its parents. Empty on an unborn branch and outside git.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const recordHistory = async (root: string): Promise<readonly FileVersion[]> => {
  const state = await lookAtWorkTree(root)
  const tip = state && (await readTip(state, state.head))
  if (state === undefined || tip === undefined) return []
  const skip = state.prefix === '' ? 0 : state.prefix.length + 1
  const commits = await walkFolder(state.top, [tip], belowTop(state.prefix, OPS_DIR))
  return commits.flatMap(({ sha, at, changes }) =>
    changes.map(({ path, after }) => ({ sha, at, path: path.slice(skip), blob: after })),
  )
}
