import { OPS_DIR } from '@kitty/writer'
import { UNMONITORED } from '../git/git-settings.js'
import { askGit } from '../git/query.js'
import { belowTop } from '../plan/planned-request.js'
import { lookAtWorkTree } from '../repository/work-tree.js'

/** What git's index, of which the next commit is made, says of a file in `kitty-ops/`. */
export type IndexedFile = {
  /** Relative to the project root, with `/`. */
  readonly path: string
  readonly blob: string
  /** Whether a merge left it in conflict; then there is more than one entry for the path. */
  readonly conflict: boolean
  /** Whether a sparse checkout keeps it off the disk. */
  readonly keptOff: boolean
}

// `<tag> <mode> <id> <stage>\t<path>`; the tag is in small letters where changes are assumed away.
const ENTRY = /^(\w) \d+ ([0-9a-f]+) (\d)\t(.*)$/s

const parse = (entry: string, skip: number): IndexedFile | undefined => {
  const [, tag = '', blob, stage, path] = ENTRY.exec(entry) ?? []
  if (blob === undefined || path === undefined) return undefined
  const keptOff = tag.toUpperCase() === 'S'
  return { path: path.slice(skip), blob, conflict: stage !== '0', keptOff }
}

/**
 * The files of `kitty-ops/` that git's index has, those alone that are wanted; undefined outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const filesInIndex = async (
  root: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<readonly IndexedFile[] | undefined> => {
  const state = await lookAtWorkTree(root)
  if (state === undefined) return undefined
  const folder = belowTop(state.prefix, OPS_DIR)
  const args = ['ls-files', '-v', '--stage', '-z', '--full-name', '--', folder]
  const listing = await askGit(state.top, args, {
    what: 'list its index',
    config: UNMONITORED,
  })
  const skip = state.prefix === '' ? 0 : state.prefix.length + 1
  const files: IndexedFile[] = []
  for (const entry of listing.split('\0')) {
    const file = parse(entry, skip)
    if (file !== undefined && isWanted(file.path)) files.push(file)
  }
  return files
}
