import { toTopPath } from '../git/paths.js'
import { gitText } from '../git/query.js'
import { readWorkTree } from '../repository/work-tree.js'

/** The attributes that git applies to one path, by name: `set`, `unset`, `unspecified`, or a value. */
export type GitAttributes = ReadonlyMap<string, string>

/**
 * Returns the attributes that git applies, from every source, to paths relative to the project root. `undefined`
 * outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const readGitAttributes = async (
  root: string,
  paths: readonly string[],
  names: readonly string[],
): Promise<ReadonlyMap<string, GitAttributes> | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return undefined
  const below = new Map(paths.map((path) => [toTopPath(workTree.prefix, path), path]))
  const answer = await gitText(workTree.top, ['check-attr', '-z', '--stdin', ...names], {
    what: 'list the attributes',
    input: [...below.keys()].map((path) => `${path}\0`).join(''),
  })
  const found = new Map<string, Map<string, string>>(paths.map((path) => [path, new Map()]))
  const fields = answer.split('\0')
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', name = '', value = ''] = fields.slice(at, at + 3)
    found.get(below.get(path) ?? '')?.set(name, value)
  }
  return found
}
