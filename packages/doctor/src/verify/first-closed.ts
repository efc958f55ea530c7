import type { HistoryChange, HistoryCommit, HistoryRange } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { opAt } from './record-path.js'
import { type VersionsByBlob, versionFor } from './versions.js'

/** The first version of a record that was closed. */
export type ClosingCommit = {
  readonly blob: string
  /** Its path, relative to the top. */
  readonly path: string
  /** The commit that added it; `undefined` if it existed before the walk began. */
  readonly commit: HistoryCommit | undefined
}

type Found = Map<OpId, ClosingCommit>

/** Notes the versions before a change: they matter if the walk does not reach the beginning of history. */
const noteBefore = (
  id: OpId,
  { path, before }: Pick<HistoryChange, 'path' | 'before'>,
  versions: VersionsByBlob,
  found: Found,
) => {
  for (const blob of before) {
    if (found.has(id) || versionFor(versions, id, blob)?.status !== 'closed') continue
    found.set(id, { blob, path, commit: undefined })
  }
}

/**
 * Returns the first closed version of each Op in the walk. `edges`: commits whose changes are unknown. `before`: the
 * files that existed when the walk began.
 */
export const findClosingCommits = (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  versions: VersionsByBlob,
  edges: ReadonlySet<string>,
  before: readonly { readonly path: string; readonly blob: string }[],
): ReadonlyMap<OpId, ClosingCommit> => {
  const found: Found = new Map()
  for (const { path, blob } of before) {
    const id = opAt(place, path)
    if (id !== undefined) noteBefore(id, { path, before: [blob] }, versions, found)
  }
  for (const commit of commits) {
    const records = commit.changes.flatMap((change) => {
      const id = opAt(place, change.path)
      return id === undefined ? [] : [{ id, change }]
    })
    for (const { id, change } of records) noteBefore(id, change, versions, found)
    for (const { id, change } of records) {
      const { after, path } = change
      if (
        found.has(id) ||
        after === undefined ||
        versionFor(versions, id, after)?.status !== 'closed'
      )
        continue
      found.set(id, { blob: after, path, commit: edges.has(commit.sha) ? undefined : commit })
    }
  }
  return found
}
