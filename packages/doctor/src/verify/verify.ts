import {
  findHistory,
  type HistoryCommit,
  type HistoryRange,
  readShallowBoundary,
  resolveRevision,
  walkHistory,
} from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { Finding, Verification } from '../check/wire.js'
import { checkCommit } from './check-commit.js'
import { checkDeletions } from './check-deletions.js'
import { checkLedgers } from './check-ledgers.js'
import { checkOrigins } from './check-origins.js'
import { type AtTip, checkTipChange, checkTipRecord } from './check-tip.js'
import { note } from './finding.js'
import { type ClosingCommit, findClosingCommits } from './first-closed.js'
import { opAt } from './record-path.js'
import { scopeOf } from './scope.js'
import { readVersions, type VersionsByBlob } from './versions.js'

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

const checkFiles = async (
  place: HistoryRange,
  files: readonly AtTip[],
  firsts: ReadonlyMap<OpId, ClosingCommit>,
  versions: VersionsByBlob,
): Promise<readonly Finding[]> => {
  const findings: (Finding | undefined)[] = []
  for (const file of files) {
    const id = opAt(place, file.path)
    const first = id === undefined ? undefined : firsts.get(id)
    findings.push(checkTipRecord(place, file, versions, first))
    if (first !== undefined) findings.push(await checkTipChange(place, file, first, versions))
  }
  return findings.filter((finding) => finding !== undefined)
}

/** Counts what was checked, without what is not in this clone. */
const countChecked = (
  place: HistoryRange,
  files: readonly AtTip[],
  commits: readonly HistoryCommit[],
  missing: ReadonlySet<string>,
): Verification['checked'] => {
  const isHere = (blob: string | undefined): boolean => blob === undefined || !missing.has(blob)
  const records = files.filter(({ path, blob }) => opAt(place, path) !== undefined && isHere(blob))
  const whole = commits.filter(({ changes }) => changes.every(({ after }) => isHere(after)))
  return { records: records.length, commits: whole.length }
}

/**
 * Checks the records of a branch against its whole history, and the ledgers. Changes nothing.
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
  const place = await findHistory(root)
  const from = since === undefined ? undefined : await resolveRevision(root, since)
  const [commits, edges] = [await walkHistory(place, from), await readShallowBoundary(place)]
  const { tip, files, before } = await scopeOf(place, commits, from)
  const { versions, missing } = await readVersions(place, commits, [...files, ...before])
  const firsts = findClosingCommits(place, commits, versions, edges, before)
  const whole = commits.filter(({ sha }) => !edges.has(sha))
  const ledgers = await checkLedgers(root, { firsts, files: tip })
  const kept = new Map([...firsts].filter(([id]) => !ledgers.erased.has(id)))
  const all = [
    ...limits(place, missing.size),
    ...ledgers.findings,
    ...whole.flatMap((commit) => checkCommit(place, commit, versions)),
    ...(await checkFiles(place, files, firsts, versions)),
    ...checkDeletions(place, kept, tip, versions),
    ...checkOrigins(firsts),
  ]
  const violations = all.filter(({ severity }) => severity === 'error')
  return {
    ok: violations.length === 0,
    checked: countChecked(place, files, commits, missing),
    violations,
    notes: all.filter(({ severity }) => severity !== 'error'),
  }
}
