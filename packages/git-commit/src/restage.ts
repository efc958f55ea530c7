import { belowTop } from './planned-request.js'
import { askGit } from './query.js'
import { lookAtWorkTree } from './work-tree.js'

/** An entry of git's index as it shall be. */
export type WantedEntry = {
  /** Relative to the project root, with `/`. */
  readonly path: string
  readonly blob: string
  /** Takes the file out of the index; the file itself stays. */
  readonly remove?: boolean
}

const lineOf = ({ path, blob, remove = false }: WantedEntry, prefix: string): string => {
  const entry = remove ? `0 ${'0'.repeat(blob.length)}` : `100644 ${blob}`
  return `${entry}\t${belowTop(prefix, path)}\0`
}

/**
 * Changes entries of git's index and nothing else: no file, no commit, no other entry. Outside git nothing
 * happens.
 *
 * @throws KittyError `GIT_FAILED` also where somebody else holds the index, `GIT_NOT_STARTED`.
 */
export const restage = async (root: string, entries: readonly WantedEntry[]): Promise<void> => {
  const state = await lookAtWorkTree(root)
  if (state === undefined || entries.length === 0) return
  const input = entries.map((entry) => lineOf(entry, state.prefix)).join('')
  await askGit(state.top, ['update-index', '-z', '--index-info'], {
    what: 'change its index',
    hint: 'See whether another git is at work here, then try again.',
    input,
  })
}
