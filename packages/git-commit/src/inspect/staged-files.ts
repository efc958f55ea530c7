import { OPS_DIR } from '@kitty/writer'
import { UNMONITORED } from '../git/git-settings.js'
import { askGit } from '../git/query.js'
import { belowTop } from '../plan/planned-request.js'
import { readTip } from '../repository/tip.js'
import { lookAtWorkTree, type WorkTreeState } from '../repository/work-tree.js'
import { filesInIndex } from './index-entries.js'

/** A file of `kitty-ops/` of which git's index says something else than HEAD. */
export type StagedFile = {
  /** Relative to the project root, with `/`. */
  readonly path: string
  /** Its blob in HEAD; undefined where it is none there. */
  readonly before: string | undefined
  /** Its blob in the index; undefined where its deletion is staged. */
  readonly after: string | undefined
}

const ARGS = [
  'diff-index',
  '--cached',
  '--raw',
  '-z',
  '--no-renames',
  '--no-relative',
  '--no-abbrev',
]

// `:<mode> <mode> <id> <id> <letter>`, then the path in a field of its own. U: a merge left it in conflict.
const CHANGE = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) ([A-TV-Z])/

const blobOf = (id: string | undefined): string | undefined =>
  id === undefined || /^0+$/.test(id) ? undefined : id

function* changesIn(output: string, skip: number): Generator<StagedFile> {
  const fields = output.split('\0')
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [change, before, after] = CHANGE.exec(fields[at] ?? '') ?? []
    const path = (fields[at + 1] ?? '').slice(skip)
    if (change !== undefined) yield { path, before: blobOf(before), after: blobOf(after) }
  }
}

const unlikeCommit = async (
  { top, prefix }: WorkTreeState,
  commit: string,
): Promise<readonly StagedFile[]> => {
  const output = await askGit(top, [...ARGS, commit, '--', belowTop(prefix, OPS_DIR)], {
    what: 'compare its index with HEAD',
    config: UNMONITORED,
  })
  return [...changesIn(output, prefix === '' ? 0 : prefix.length + 1)]
}

/**
 * What is staged in `kitty-ops/`, without what a merge left in conflict; undefined outside git.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const stagedFiles = async (root: string): Promise<readonly StagedFile[] | undefined> => {
  const state = await lookAtWorkTree(root)
  const tip = state && (await readTip(state, state.head))
  if (state !== undefined && tip !== undefined) return unlikeCommit(state, tip)
  const all = await filesInIndex(root)
  return all?.map(({ path, blob }) => ({ path, before: undefined, after: blob }))
}
