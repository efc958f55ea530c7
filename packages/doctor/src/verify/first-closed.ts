import type { HistoryChange, HistoryCommit, HistoryRange } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { ClosuresRead } from './closures.js'
import { opAt } from './record-path.js'
import { type VersionsByBlob, versionFor } from './versions.js'

/** The first version of a record that was closed. */
export type ClosingCommit = {
  readonly blob: string
  /** Its path, relative to the top. */
  readonly path: string
  /** The commit that added it; `undefined` if it existed before the walk began. */
  readonly commit: HistoryCommit | undefined
  /** True if `op-closures.jsonl` closed the Op, while its record was open as it is here. */
  readonly isBeside?: true
}

type Found = Map<OpId, ClosingCommit>

/** A completion in the record itself counts more than one beside it. */
const isFound = (found: Found, id: OpId): boolean =>
  found.has(id) && found.get(id)?.isBeside !== true

/** Notes the records as they are when `op-closures.jsonl` first names their Ops. */
const noteBeside = (
  commit: HistoryCommit,
  ids: readonly OpId[],
  now: ReadonlyMap<OpId, { readonly path: string; readonly blob: string }>,
  found: Found,
) => {
  for (const id of ids) {
    const record = found.has(id) ? undefined : now.get(id)
    if (record !== undefined) found.set(id, { ...record, commit, isBeside: true })
  }
}

/** Notes the versions before a change: they matter if the walk does not reach the beginning of history. */
const noteBefore = (
  id: OpId,
  { path, before }: Pick<HistoryChange, 'path' | 'before'>,
  versions: VersionsByBlob,
  found: Found,
) => {
  for (const blob of before) {
    if (isFound(found, id) || versionFor(versions, id, blob)?.status !== 'closed') continue
    found.set(id, { blob, path, commit: undefined })
  }
}

/**
 * Returns the first closed version of each Op in the walk. `edges`: commits whose changes are unknown. `before`: the
 * files that existed when the walk began. `closures`: what `op-closures.jsonl` says.
 */
export const findClosingCommits = (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  versions: VersionsByBlob,
  edges: ReadonlySet<string>,
  before: readonly { readonly path: string; readonly blob: string }[],
  closures: Pick<ClosuresRead, 'after'>,
): ReadonlyMap<OpId, ClosingCommit> => {
  const found: Found = new Map()
  const now = new Map<OpId, { readonly path: string; readonly blob: string }>()
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
      if (after !== undefined) now.set(id, { path, blob: after })
      if (
        isFound(found, id) ||
        after === undefined ||
        versionFor(versions, id, after)?.status !== 'closed'
      )
        continue
      found.set(id, { blob: after, path, commit: edges.has(commit.sha) ? undefined : commit })
    }
    noteBeside(commit, closures.after.get(commit.sha) ?? [], now, found)
  }
  return found
}
