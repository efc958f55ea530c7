import {
  findHistory,
  type HistoryCommit,
  type HistoryRange,
  readShallowBoundary,
  resolveRevision,
  storesOfFiles,
  walkHistory,
} from '@kitty/git-commit/inspect'
import { findWorkTree } from '@kitty/writer/internals'
import type { Finding, Verification } from '../check/wire.js'
import { checkLedgers } from './check-ledgers.js'
import { checkStore, countChecked, joinStores, readStore, type StoreRead } from './check-store.js'
import { note } from './finding.js'
import { inOtherStore, notChecked, placeOf } from './other-stores.js'
import { type Entry, lostSince } from './scope.js'

const SHALLOW =
  'This clone is shallow: only the history that it has was checked. A GitHub workflow fetches the whole history with fetch-depth: 0.'

const PARTIAL = 'A clone without a filter has all of them.'

/** Returns the notes on what could not be checked. */
const limits = ({ isShallow }: HistoryRange, missing: number): readonly Finding[] => {
  const notes = isShallow ? [note('shallow', SHALLOW, {}, [{ verb: 'git-unshallow' }])] : []
  if (missing === 0) return notes
  const [what, was] =
    missing === 1
      ? ['A version of a record is', 'was']
      : [`${missing} versions of records are`, 'were']
  const message = `${what} not in this clone, because it is a partial clone, and ${was} not checked. ${PARTIAL}`
  return [...notes, note('not-in-clone', message, {}, [{ verb: 'git-refetch' }])]
}

/** The stores at or below the project root, its own first: each has a record in the history that was walked. */
const storesIn = (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  lost: readonly Entry[] = [],
): readonly string[] => {
  const paths = commits.flatMap(({ changes }) => changes.map(({ path }) => path))
  const below = storesOfFiles([...paths, ...lost.map(({ path }) => path)]).filter(
    (prefix) => prefix !== place.prefix && prefix.startsWith(place.prefix),
  )
  return [place.prefix, ...below]
}

/** Reads all stores, one after the other. */
const readStores = async (
  own: HistoryRange,
  commits: readonly HistoryCommit[],
  lost: readonly Entry[] | undefined,
): Promise<readonly StoreRead[]> => {
  const edges = await readShallowBoundary(own)
  const stores: StoreRead[] = []
  for (const prefix of storesIn(own, commits, lost)) {
    const place = placeOf(own, prefix)
    const isTouched = ({ changes }: HistoryCommit): boolean =>
      changes.some(({ path }) => path.startsWith(`${place.folder}/`))
    const history = { place, commits: commits.filter(isTouched), edges, lost }
    stores.push(await readStore(history))
  }
  return stores
}

/**
 * Checks the records of a branch against its whole history, in every store at or below the project root, and the
 * ledgers. Changes nothing.
 *
 * @throws KittyError `NO_REPOSITORY`, `UNSAFE_DIRECTORY`, `REV_NOT_FOUND`, `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const verify = async ({
  root,
  since,
}: {
  /** The project root, in a work tree; or a bare repository. */
  readonly root: string
  /** Check only what came after this revision, for example in a pull request. */
  readonly since?: string
}): Promise<Verification> => {
  const own = await findHistory(root)
  const from = since === undefined ? undefined : await resolveRevision(own.cwd, since)
  const commits = await walkHistory(own, from)
  const lost = from === undefined ? undefined : await lostSince(own, from)
  const stores = await readStores(own, commits, lost)
  const joined = joinStores(stores, commits)
  const ledgers = await checkLedgers(root, {
    // A record that was closed beside is open itself, and in no ledger.
    firsts: new Map([...joined.firsts].filter(([, { isBeside }]) => !isBeside)),
    files: stores.flatMap(({ tip }) => tip),
  })
  const top = (await findWorkTree(root))?.top
  const missing = new Set(stores.flatMap((store) => [...store.missing]))
  const all: Finding[] = [
    ...limits(own, missing.size),
    ...(await notChecked(own, top)),
    ...ledgers.findings,
  ]
  for (const store of stores) {
    const findings = await checkStore(store, joined, ledgers.erased)
    const isOwn = store.place.prefix === own.prefix
    all.push(...(isOwn ? findings : findings.map(inOtherStore(own, store.place, top))))
  }
  const violations = all.filter(({ severity }) => severity === 'error')
  return {
    ok: violations.length === 0,
    checked: countChecked(stores),
    violations,
    notes: all.filter(({ severity }) => severity !== 'error'),
  }
}
