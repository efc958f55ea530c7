import { basename } from 'node:path/posix'
import {
  type IndexEntry,
  indexEntries,
  otherIndexEntries,
  stagedFiles,
} from '@kitty/git-commit/inspect'
import { opIdOfName } from '@kitty/writer/internals'
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

/** The index entries in `kitty-ops/` that do not have the name of a record. Empty outside git. */
export const oddEntries = memoized(async ({ ops }) => (await otherIndexEntries(ops.root)) ?? [])

const isRecordName = (path: string): boolean => opIdOfName(basename(path)) !== undefined

/** The index entries at `paths`, without unmerged ones. Empty outside git. */
export const indexedAt = async (
  context: CheckContext,
  paths: readonly string[],
): Promise<ReadonlyMap<string, IndexEntry>> => {
  const records = paths.filter(isRecordName)
  const others = new Set(records.length < paths.length ? paths : [])
  const found = [
    ...(records.length > 0 ? ((await indexEntries(context.ops.root, records)) ?? []) : []),
    ...(others.size > 0 ? await oddEntries(context) : []).filter(({ path }) => others.has(path)),
  ]
  return new Map(found.flatMap((file) => (file.conflict ? [] : [[file.path, file]])))
}
