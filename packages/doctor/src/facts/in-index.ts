import { basename } from 'node:path/posix'
import { filesInIndex, type IndexedFile } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import { opIdOfName } from '@kitty/writer'
import { sharedFact } from '../shared-fact.js'

/** The entries of git's index for `kitty-ops/`, those in conflict included; undefined outside git. */
export const entriesOf = sharedFact((at) => filesInIndex(at.ops.root))

/** The same by path, without those that a merge left in conflict. */
export const indexOf = sharedFact(
  async (at): Promise<ReadonlyMap<string, IndexedFile> | undefined> => {
    const files = await entriesOf(at)
    return files && new Map(files.flatMap((file) => (file.conflict ? [] : [[file.path, file]])))
  },
)

/** The Ops whose records are among these files, hot or archived or in conflict. */
export const idsIn = (files: readonly IndexedFile[] = []): ReadonlySet<OpId> =>
  new Set(files.flatMap(({ path }) => opIdOfName(basename(path)) ?? []))

/** The Ops that have a record in git's index; undefined outside git. */
export const indexedIds = sharedFact(async (at): Promise<ReadonlySet<OpId> | undefined> => {
  const files = await entriesOf(at)
  return files && idsIn(files)
})
