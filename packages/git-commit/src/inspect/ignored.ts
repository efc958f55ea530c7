import { basename, resolve } from 'node:path'
import { KittyError } from '@kitty/record'
import { excludePathOf, excludePattern, opIdOfName } from '@kitty/writer/internals'
import { failureMessage } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import { findIgnored, type IgnoreRule } from '../repository/ignore.js'
import { readWorkTree, type WorkTreeState } from '../repository/work-tree.js'

/** Whether a rule is the line that hides this record until it is committed: the commit takes it out. */
const isOwnLine = (
  { top, commonDir, prefix }: WorkTreeState,
  path: string,
  { source, pattern }: IgnoreRule,
): boolean => {
  const id = opIdOfName(basename(path))
  if (id === undefined || pattern !== excludePattern(prefix, id)) return false
  return resolve(top, source) === excludePathOf(commonDir)
}

/**
 * Returns the rules by which git ignores some of these paths, by path, except the lines of uncommitted records. Paths are
 * relative to the project root, with `/`, and need not exist; a tracked path is never ignored. Empty outside git.
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
  const others = [...found.value].filter(([path, rule]) => !isOwnLine(workTree, path, rule))
  return new Map(others.map(([path, rule]) => [below.get(path) ?? path, rule]))
}
