import { blobsOf, type HistoryCommit, type HistoryRange } from '@kitty/git-commit/inspect'
import { type OpId, parseOpClosures } from '@kitty/record'
import { CLOSURES_PATH } from '@kitty/writer/internals'

/** What `op-closures.jsonl` of a store says, at the tip and in its history. */
export type ClosuresRead = {
  /** The Ops that it names at the tip. */
  readonly atTip: ReadonlySet<OpId>
  /** The Ops that it names after a commit, by the commit's id, for the commits that change it. */
  readonly after: ReadonlyMap<string, readonly OpId[]>
}

/** Reads `op-closures.jsonl` of a store. Lines that cannot be read name no Op. */
export const readClosures = async (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  tip: readonly { readonly path: string; readonly blob: string }[],
): Promise<ClosuresRead> => {
  const path = `${place.prefix}${CLOSURES_PATH}`
  const changes = commits.flatMap(({ sha, changes }) =>
    changes.flatMap((each) =>
      each.path === path && each.after ? [{ sha, blob: each.after }] : [],
    ),
  )
  const now = tip.find((each) => each.path === path)?.blob
  const blobs = new Set([...changes.map(({ blob }) => blob), ...(now === undefined ? [] : [now])])
  const ids = new Map<string, readonly OpId[]>()
  for await (const { id, bytes } of blobsOf(place, [...blobs])) {
    const { closures } = parseOpClosures(bytes)
    ids.set(
      id,
      closures.map(({ invocation_id }) => invocation_id),
    )
  }
  return {
    atTip: new Set(now === undefined ? [] : ids.get(now)),
    after: new Map(changes.map(({ sha, blob }) => [sha, ids.get(blob) ?? []])),
  }
}
