import { type IndexEntry, indexEntries, stagedFiles } from '@kitty/git-commit'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'
import { headOf } from './head.js'

/** What the index says otherwise than HEAD, by path: little, where both may have 100,000 records. Undefined outside git. */
export const stagedOf = memoized(async (context) => {
  // What keeps git from reading HEAD is told once.
  await headOf(context)
  const files = await stagedFiles(context.ops.root)
  return files && new Map(files.map((file) => [file.path, file]))
})

/** What the index has at some paths, without what a merge left in conflict; nothing outside git. */
export const indexedAt = async (
  { ops }: CheckContext,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IndexEntry>> => {
  const wanted = new Set(paths)
  const files = wanted.size === 0 ? [] : await indexEntries(ops.root, (path) => wanted.has(path))
  return new Map((files ?? []).flatMap((file) => (file.conflict ? [] : [[file.path, file]])))
}
