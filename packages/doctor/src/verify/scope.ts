import {
  filesAtTip,
  findMergeBases,
  type HistoryCommit,
  type HistoryRange,
} from '@kitty/git-commit'
import type { AtTip } from './check-tip.js'

type Entry = { readonly path: string; readonly blob: string }

/** What is to be judged. */
export type Scope = {
  /** All files at the tip. */
  readonly tip: readonly AtTip[]
  /** Those of them that are to be judged. */
  readonly files: readonly AtTip[]
  /** What was there when the walk began, and is not, or not so, at the tip. */
  readonly before: readonly Entry[]
}

/**
 * What the tip does not have as the revision, or an older commit that it shares with the tip, had it. A merge that
 * takes the older side changes nothing of its own, so that the walk alone does not tell.
 */
const lostSince = async (
  place: HistoryRange,
  since: string,
  tip: ReadonlyMap<string, { readonly blob: string }>,
): Promise<readonly Entry[]> => {
  const before: Entry[] = []
  for (const parting of await findMergeBases(place, since)) {
    for (const [path, { blob }] of await filesAtTip({ ...place, tip: parting })) {
      if (tip.get(path)?.blob !== blob) before.push({ path, blob })
    }
  }
  return before
}

/** With a revision given, what has changed since; else all. */
export const scopeOf = async (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  since: string | undefined,
): Promise<Scope> => {
  const entries = await filesAtTip(place)
  const tip = [...entries].map(([path, entry]) => ({ path, ...entry }))
  if (since === undefined) return { tip, files: tip, before: [] }
  const before = await lostSince(place, since, entries)
  const touched = new Set(before.map(({ path }) => path))
  for (const { changes } of commits) for (const { path } of changes) touched.add(path)
  return { tip, files: tip.filter(({ path }) => touched.has(path)), before }
}
