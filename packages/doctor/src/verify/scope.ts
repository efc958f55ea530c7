import {
  filesAtTip,
  findMergeBases,
  type HistoryCommit,
  type HistoryRange,
} from '@kitty/git-commit/inspect'
import type { AtTip } from './check-tip.js'

type Entry = { readonly path: string; readonly blob: string }

/** The files to check. */
export type Scope = {
  /** All files at the tip. */
  readonly tip: readonly AtTip[]
  /** Those of them to check. */
  readonly files: readonly AtTip[]
  /** Files that existed when the walk began and are missing or different at the tip. */
  readonly before: readonly Entry[]
}

/**
 * Returns the files that are missing or different at the tip compared with its merge bases with the revision. The
 * walk alone does not show them: a merge that takes the older side has no change of its own.
 */
const lostSince = async (
  place: HistoryRange,
  since: string,
  tip: ReadonlyMap<string, { readonly blob: string }>,
): Promise<readonly Entry[]> => {
  const before: Entry[] = []
  for (const base of await findMergeBases(place, since)) {
    for (const [path, { blob }] of await filesAtTip({ ...place, tip: base })) {
      if (tip.get(path)?.blob !== blob) before.push({ path, blob })
    }
  }
  return before
}

/** Returns what has changed since a revision, or all files if there is none. */
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
