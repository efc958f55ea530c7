import type { HistoryCommit, HistoryRange } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { Finding, Verification } from '../check/wire.js'
import { checkCommit, oneForTrailers } from './check-commit.js'
import { checkDeletions, deletedByMigration } from './check-deletions.js'
import { checkMigrations } from './check-migrations.js'
import { checkOrigins } from './check-origins.js'
import { type AtTip, checkTipChange, checkTipRecord, lastKept } from './check-tip.js'
import { type ClosuresRead, readClosures } from './closures.js'
import { type ClosingCommit, findClosingCommits } from './first-closed.js'
import { opAt } from './record-path.js'
import { type RecordSteps, readRecordSteps } from './record-steps.js'
import { type Entry, scopeOf } from './scope.js'
import { readVersions, type VersionsByBlob } from './versions.js'

/** The history of one store. */
export type StoreHistory = {
  readonly place: HistoryRange
  /** The commits that changed it. */
  readonly commits: readonly HistoryCommit[]
  /** The commits at which a shallow clone ends. */
  readonly edges: ReadonlySet<string>
  /** Check only what was lost or changed since a revision: the files of all stores that were lost. */
  readonly lost: readonly Entry[] | undefined
}

/** What is read of a store before it is checked. */
export type StoreRead = StoreHistory & {
  readonly tip: readonly AtTip[]
  readonly files: readonly AtTip[]
  readonly firsts: ReadonlyMap<OpId, ClosingCommit>
  readonly versions: VersionsByBlob
  readonly steps: RecordSteps
  readonly closures: ClosuresRead
  /** The versions that are not in this clone. */
  readonly missing: ReadonlySet<string>
}

/** Reads the records of a store. */
export const readStore = async (history: StoreHistory): Promise<StoreRead> => {
  const { place, commits, edges, lost } = history
  const { tip, files, before } = await scopeOf(place, commits, lost)
  const { versions, missing } = await readVersions(place, commits, [...files, ...before])
  const closures = await readClosures(place, commits, tip)
  const firsts = findClosingCommits(place, commits, versions, edges, before, closures)
  const steps = await readRecordSteps(place, commits, versions)
  return { ...history, tip, files, firsts, versions, steps, closures, missing }
}

/** What all stores together say of the Ops. A folder with a store can be moved or copied. */
export type AllStores = {
  /** The first closed version of each Op, in whichever store. */
  readonly firsts: ReadonlyMap<OpId, ClosingCommit>
  /** The Ops with a record at the tip. */
  readonly present: ReadonlySet<OpId>
  readonly versions: VersionsByBlob
  readonly steps: Pick<RecordSteps, 'from'>
}

/** Returns what stores together say, given all commits that were walked, oldest first. */
export const joinStores = (
  stores: readonly StoreRead[],
  commits: readonly HistoryCommit[],
): AllStores => {
  const order = new Map(commits.map(({ sha }, number) => [sha, number]))
  // What existed before the walk began is older than all that was walked.
  const ageOf = ({ commit }: ClosingCommit): number => (commit && order.get(commit.sha)) ?? -1
  const firsts = new Map<OpId, ClosingCommit>()
  for (const store of stores) {
    for (const [id, first] of store.firsts) {
      const known = firsts.get(id)
      if (known === undefined || ageOf(first) < ageOf(known)) firsts.set(id, first)
    }
  }
  const present = stores.flatMap(({ place, tip }) =>
    tip.flatMap(({ path }) => opAt(place, path) ?? []),
  )
  const versions = new Map(stores.flatMap((store) => [...store.versions]))
  const from = new Map(stores.flatMap(({ steps }) => [...steps.from]))
  return { firsts, present: new Set(present), versions, steps: { from } }
}

const checkFiles = async (
  { place, files }: StoreRead,
  all: AllStores,
): Promise<readonly Finding[]> => {
  const findings: (Finding | undefined)[] = []
  for (const file of files) {
    const id = opAt(place, file.path)
    const first = id === undefined ? undefined : all.firsts.get(id)
    findings.push(checkTipRecord(place, file, all, first && lastKept(first, all.steps)))
    if (first !== undefined) findings.push(await checkTipChange(place, file, first, all.steps))
  }
  return findings.filter((finding) => finding !== undefined)
}

/** Checks a store. An Op that was erased on purpose, or is in another store now, may be missing. */
export const checkStore = async (
  store: StoreRead,
  all: AllStores,
  erased: ReadonlySet<OpId>,
): Promise<readonly Finding[]> => {
  const { place, commits, edges, tip, firsts, versions, steps, closures } = store
  const whole = commits.filter(({ sha }) => !edges.has(sha))
  const migrated = deletedByMigration(place, commits, steps.migrating)
  const mayBeMissing = (id: OpId): boolean =>
    erased.has(id) || all.present.has(id) || migrated.has(id)
  const kept = new Map([...firsts].filter(([id]) => !mayBeMissing(id)))
  return [
    ...oneForTrailers(
      whole.flatMap((commit) => checkCommit(place, commit, versions, closures.atTip)),
    ),
    ...(await checkFiles(store, all)),
    ...checkDeletions(place, kept, tip, versions),
    ...checkMigrations(steps.migrating),
    ...checkOrigins(firsts),
  ]
}

/** Counts what was checked in stores, without what is not in this clone. A commit in several stores counts once. */
export const countChecked = (stores: readonly StoreRead[]): Verification['checked'] => {
  const whole = new Set<string>()
  let records = 0
  for (const { place, files, commits, missing } of stores) {
    const isHere = (blob: string | undefined): boolean => blob === undefined || !missing.has(blob)
    records += files.filter(
      ({ path, blob }) => opAt(place, path) !== undefined && isHere(blob),
    ).length
    for (const { sha, changes } of commits) {
      if (changes.every(({ after }) => isHere(after))) whole.add(sha)
    }
  }
  return { records, commits: whole.size }
}
