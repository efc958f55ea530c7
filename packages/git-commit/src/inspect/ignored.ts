import { KittyError } from '@kitty/record'
import { failureMessage } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { findIgnored, type IgnoreRule } from '../repository/ignore.js'
import { readWorkTree } from '../repository/work-tree.js'

/**
 * Returns the rules by which git ignores some of these paths, by path. Paths are relative to the project root, with
 * `/`, and need not exist; a tracked path is never ignored. Empty outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const findIgnoreRules = async (
  root: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IgnoreRule>> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined || paths.length === 0) return new Map()
  const below = new Map(paths.map((path) => [toTopPath(workTree.prefix, path), path]))
  const found = await findIgnored(workTree.top, [...below.keys()])
  if (!found.ok) {
    const words = failureMessage(found.result)
    throw new KittyError('GIT_FAILED', `git could not list the ignored paths: ${words}`, {
      hint: '',
    })
  }
  return new Map([...found.value].map(([path, rule]) => [below.get(path) ?? path, rule]))
}
