import { type IndexEntry, indexEntries, stagedFiles } from '@kitty/git-commit/inspect'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'
import { headOf } from './head.js'

/** Where git's index differs from HEAD, by path. `undefined` outside git. */
export const stagedOf = memoized(async (context) => {
  // If git cannot read HEAD, both facts fail with one error.
  await headOf(context)
  const files = await stagedFiles(context.ops.root)
  return files && new Map(files.map((file) => [file.path, file]))
})

/** The index entries at `paths`, without unmerged ones. Empty outside git. */
export const indexedAt = async (
  { ops }: CheckContext,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IndexEntry>> => {
  const wanted = new Set(paths)
  const files = wanted.size === 0 ? [] : await indexEntries(ops.root, (path) => wanted.has(path))
  return new Map((files ?? []).flatMap((file) => (file.conflict ? [] : [[file.path, file]])))
}
