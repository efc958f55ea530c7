import { join, resolve } from 'node:path'
import { archivedPath, OPS_DIR, opIdOfName, recordPath } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { gitFields, gitText } from '../git/query.js'
import { runGit } from '../git/run-git.js'
import { readTip } from '../repository/head.js'
import { readWorkTree } from '../repository/work-tree.js'
import type { HistoryRange } from './find-history.js'

/**
 * Returns the prefix of the store that a path is a record of: the store's root relative to the top, ending in `/`; empty
 * for the top. `undefined` if the path is not that of a record.
 */
const storeOfRecord = (path: string): string | undefined => {
  const id = opIdOfName(path.slice(path.lastIndexOf('/') + 1))
  if (id === undefined) return undefined
  const place = [recordPath(id), archivedPath(id)].find(
    (end) => path === end || path.endsWith(`/${end}`),
  )
  return place === undefined ? undefined : path.slice(0, -place.length)
}

const addStoreOf = (path: string, found: Set<string>): void => {
  const prefix = storeOfRecord(path)
  if (prefix !== undefined) found.add(prefix)
}

/** Returns the prefixes of the stores that these files are records of, sorted. */
export const storesOfFiles = (paths: Iterable<string>): readonly string[] => {
  const found = new Set<string>()
  for (const path of paths) addStoreOf(path, found)
  return [...found].sort()
}

const listTree = (
  cwd: string,
  more: readonly string[],
  take: (path: string) => void,
): Promise<void> => {
  const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', ...more]
  return gitFields(cwd, args, { what: 'list the stores in HEAD' }, (path) => take(path.toString()))
}

/**
 * Returns the prefixes of all stores with a record at the tip: their roots relative to the top, ending in `/`; empty for
 * the top. Does not look into the store `except`, which can hold 100,000 records.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const storesAtTip = async (
  { cwd, tip }: Pick<HistoryRange, 'cwd' | 'tip'>,
  except?: string,
): Promise<readonly string[]> => {
  if (tip === undefined) return []
  const folders: string[] = []
  await listTree(cwd, ['-d', tip], (path) => {
    const isStore = path === OPS_DIR || path.endsWith(`/${OPS_DIR}`)
    if (isStore && path !== `${except}${OPS_DIR}`) folders.push(path)
  })
  const found = new Set<string>()
  if (folders.length > 0) {
    await listTree(cwd, [tip, '--', ...folders], (path) => addStoreOf(path, found))
  }
  return [...found].sort()
}

/**
 * Returns the other project roots in this work tree whose records HEAD has, absolute and sorted. Empty outside git and on
 * an unborn branch.
 *
 * @throws KittyError `GIT_FAILED`, `UNSAFE_DIRECTORY`, `GIT_NOT_STARTED`.
 */
export const otherRootsInHead = async (root: string): Promise<readonly string[]> => {
  const tree = await readWorkTree(root)
  const tip = tree && (await readTip(tree, tree.head))
  if (tree === undefined || tip === undefined) return []
  const prefixes = await storesAtTip({ cwd: tree.top, tip }, toTopPath(tree.prefix, ''))
  return prefixes.map((prefix) => join(tree.top, prefix, '.'))
}

/** Returns the pathspecs of all files in stores at or below the project root. */
export const storePaths = ({ folder, prefix }: HistoryRange, magic = ''): readonly string[] => [
  `:(${magic}literal)${folder}`,
  `:(${magic}glob)${prefix.replace(/[\\*?[\]]/g, '\\$&')}**/${OPS_DIR}/**`,
]

/** Returns the top of a work tree; in a bare repository, the folder itself. */
export const topOf = async (cwd: string): Promise<string> => {
  const cdup = await runGit(cwd, ['rev-parse', '--show-cdup'])
  return resolve(cwd, cdup.ok ? cdup.stdout.toString().trim() : '')
}

/** Returns the files of all stores at or below the project root that a commit has, and the tip lacks or has otherwise. */
export const filesLostSince = async (
  place: HistoryRange,
  commit: string,
): Promise<readonly { readonly path: string; readonly blob: string }[]> => {
  const { cwd, tip } = place
  if (tip === undefined) return []
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-relative', commit, tip]
  const options = { what: 'compare two commits', env: { GIT_LITERAL_PATHSPECS: '0' } }
  const paths = ['--', ...storePaths(place)]
  const fields = (await gitText(await topOf(cwd), [...args, ...paths], options)).split('\0')
  return fields.flatMap((entry, at) => {
    const [, blob] = /^:\d+ \d+ ([0-9a-f]+) /.exec(entry) ?? []
    const path = fields[at + 1]
    return blob === undefined || path === undefined || /^0+$/.test(blob) ? [] : [{ path, blob }]
  })
}
