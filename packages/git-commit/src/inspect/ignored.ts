import { KittyError } from '@kitty/record'
import { failureMessage } from '../git/failures.js'
import { toTopPath } from '../git/paths.js'
import type { Result } from '../git/result.js'
import { findIgnored, type IgnoreRule, isNegated, lastRules } from '../repository/ignore.js'
import { readWorkTree } from '../repository/work-tree.js'

type Rules = ReadonlyMap<string, IgnoreRule>

const rulesFrom = async (
  root: string,
  paths: readonly string[],
  find: (top: string, paths: readonly string[]) => Promise<Result<Rules>>,
): Promise<Rules> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined || paths.length === 0) return new Map()
  const below = new Map(paths.map((path) => [toTopPath(workTree.prefix, path), path]))
  const found = await find(workTree.top, [...below.keys()])
  if (!found.ok) {
    // No rule of this repository applies in a submodule.
    if (found.result.status === 'failed' && found.result.code === 'NESTED_REPOSITORY')
      return new Map()
    const words = failureMessage(found.result)
    throw new KittyError('GIT_FAILED', `git could not list the ignored paths: ${words}`, {
      hint: '',
    })
  }
  return new Map([...found.value].map(([path, rule]) => [below.get(path) ?? path, rule]))
}

/**
 * Returns the rules by which git ignores some of these paths, by path. Paths are relative to the project root, with
 * `/`, and need not exist; a tracked path is never ignored. The lines by which this software hides records that are
 * not committed yet do not count. Empty outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const findIgnoreRules = (
  root: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IgnoreRule>> => rulesFrom(root, paths, findIgnored)

/**
 * Returns the negated rules by which git does not ignore some of these paths, whatever other rules match them, by
 * path. Paths and errors: see `findIgnoreRules`.
 */
export const findNegatedRules = async (
  root: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IgnoreRule>> => {
  const rules = await rulesFrom(root, paths, lastRules)
  return new Map([...rules].filter(([, rule]) => isNegated(rule)))
}
