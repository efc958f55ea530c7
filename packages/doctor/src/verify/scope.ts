import {
  filesAtTip,
  filesLostSince,
  findMergeBases,
  type HistoryCommit,
  type HistoryRange,
} from '@kitty/git-commit/inspect'
import type { AtTip } from './check-tip.js'

/** A file of a store in a commit. */
export type Entry = { readonly path: string; readonly blob: string }

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
 * Returns the files of all stores that are missing or different at the tip compared with its merge bases with the
 * revision. The walk alone does not show them: a merge that takes the older side has no change of its own.
 */
export const lostSince = async (place: HistoryRange, since: string): Promise<readonly Entry[]> => {
  const bases = await findMergeBases(place, since)
  return (await Promise.all(bases.map((base) => filesLostSince(place, base)))).flat()
}

/** Returns what to check in one store: all files, or only those that were lost or changed since a revision. */
export const scopeOf = async (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  lost: readonly Entry[] | undefined,
): Promise<Scope> => {
  const tip = [...(await filesAtTip(place))].map(([path, entry]) => ({ path, ...entry }))
  if (lost === undefined) return { tip, files: tip, before: [] }
  const before = lost.filter(({ path }) => path.startsWith(`${place.folder}/`))
  const touched = new Set(before.map(({ path }) => path))
  for (const { changes } of commits) for (const { path } of changes) touched.add(path)
  return { tip, files: tip.filter(({ path }) => touched.has(path)), before }
}
