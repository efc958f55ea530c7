import { blobsOf, type HistoryCommit, type HistoryRange } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { type StepKind, stepOf } from '../check/record-step.js'
import { opAt } from './record-path.js'
import { type VersionsByBlob, versionFor } from './versions.js'

/** A version that an older record became, and how. */
export type RecordStep = { readonly to: string; readonly kind: StepKind }

/** What a commit did to older records when it migrated at least one. */
export type MigratingCommit = {
  readonly commit: HistoryCommit
  readonly migrated: readonly OpId[]
  /** Older records that it deleted. */
  readonly deleted: readonly OpId[]
}

/** The changes of older records in a history that are not damage. */
export type RecordSteps = {
  /** By the blob before. */
  readonly from: ReadonlyMap<string, readonly RecordStep[]>
  readonly migrating: readonly MigratingCommit[]
}

type OlderChange = {
  readonly commit: HistoryCommit
  readonly id: OpId
  readonly before: string
  /** `undefined` if the record was deleted. */
  readonly after: string | undefined
}

/** The changes of closed records of the older form. */
const candidatesIn = (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  versions: VersionsByBlob,
): readonly OlderChange[] =>
  commits.flatMap((commit) =>
    commit.changes.flatMap(({ path, before, after }): readonly OlderChange[] => {
      const id = opAt(place, path)
      if (id === undefined) return []
      return before
        .filter((blob) => versionFor(versions, id, blob)?.isLegacy === true && blob !== after)
        .map((blob) => ({ commit, id, before: blob, after }))
    }),
  )

const migratingIn = (
  candidates: readonly OlderChange[],
  isMigrated: (candidate: OlderChange) => boolean,
): readonly MigratingCommit[] => {
  const commits = new Set(candidates.map(({ commit }) => commit))
  return [...commits].flatMap((commit) => {
    const each = candidates.filter((candidate) => candidate.commit === commit)
    const migrated = each.filter(isMigrated).map(({ id }) => id)
    const deleted = each.filter(({ after }) => after === undefined).map(({ id }) => id)
    return migrated.length === 0 ? [] : [{ commit, migrated, deleted }]
  })
}

/** Finds out how the older records of a history changed. Reads only versions of records that did. */
export const readRecordSteps = async (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  versions: VersionsByBlob,
): Promise<RecordSteps> => {
  const candidates = candidatesIn(place, commits, versions)
  const blobs = new Set(candidates.flatMap(({ before, after }) => (after ? [before, after] : [])))
  const bytes = new Map<string, Buffer>()
  for await (const each of blobsOf(place, [...blobs])) bytes.set(each.id, each.bytes)
  const from = new Map<string, RecordStep[]>()
  const migrations = new Set<OlderChange>()
  for (const candidate of candidates) {
    const { before, after } = candidate
    const [old, now] = [bytes.get(before), after === undefined ? undefined : bytes.get(after)]
    const kind = old && now && stepOf(old, now)
    if (kind === undefined || after === undefined) continue
    from.set(before, [...(from.get(before) ?? []), { to: after, kind }])
    if (kind === 'migration') migrations.add(candidate)
  }
  return { from, migrating: migratingIn(candidates, (each) => migrations.has(each)) }
}

/**
 * The versions that a record can have become by such changes, by blob, each after those that it came from; with how. The
 * first is itself.
 */
export const reachableFrom = (
  { from }: Pick<RecordSteps, 'from'>,
  blob: string,
): ReadonlyMap<string, RecordStep['kind'] | undefined> => {
  const reached = new Map<string, RecordStep['kind'] | undefined>([[blob, undefined]])
  for (const [version] of reached) {
    for (const { to, kind } of from.get(version) ?? []) if (!reached.has(to)) reached.set(to, kind)
  }
  return reached
}
