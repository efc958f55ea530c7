import type { HistoryChange, HistoryCommit, HistoryRange } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { CLOSURES_PATH } from '@kitty/writer/internals'
import type { Finding } from '../check/check.js'
import { singleLine } from '../check/wording.js'
import { commitName, note, REWRITE_OR_PASS, rewriteOrPass, violation } from './finding.js'
import {
  bareSubject,
  isEdited,
  isOpCommit,
  opIdInMessage,
  saysTheSame,
  subjectOf,
} from './op-commit.js'
import { belongsTo, opAt } from './record-path.js'
import { type Version, type VersionsByBlob, versionFor } from './versions.js'

/** A record that a commit adds or changes. `version` is `undefined` if the blob is not in this clone. */
type Brought = { readonly id: OpId; readonly path: string; readonly version: Version | undefined }

/** Returns the records that a commit adds or changes. */
const broughtBy = (
  place: HistoryRange,
  { changes }: HistoryCommit,
  versions: VersionsByBlob,
): readonly Brought[] =>
  changes.flatMap(({ path, after }) => {
    const id = opAt(place, path)
    if (id === undefined || after === undefined) return []
    return [{ id, path, version: versionFor(versions, id, after) }]
  })

const openRecord = (commit: HistoryCommit, { id, path }: Brought, isOpCommit: boolean): Finding => {
  const details = { invocation_id: id, path }
  if (isOpCommit) {
    const message = `${commitName(commit)} is an Op commit and contains a record that was still open. ${REWRITE_OR_PASS}`
    return violation('open-in-op-commit', message, details, rewriteOrPass(commit))
  }
  const message = `${commitName(commit)} contains the record of an Op that was still open, for example because everything was staged. Closing the Op completes the record.`
  return note('open-in-other-commit', message, details)
}

const withoutTrailers = (commit: HistoryCommit, id?: OpId): Finding =>
  note(
    'no-trailers',
    `${commitName(commit)} is an Op commit without trailers, like those of the Python spec-kitty.`,
    id && { invocation_id: id },
  )

/** Replaces the notes on commits without trailers by one: another program makes all of its commits so. */
export const oneForTrailers = (findings: readonly Finding[]): readonly Finding[] => {
  const bare = findings.filter(({ id }) => id === 'no-trailers')
  if (bare.length < 2) return findings
  const message = `${bare.length} Op commits have no trailers, like those of the Python spec-kitty.`
  const ids = bare.flatMap(({ invocation_id }) => invocation_id ?? [])
  const [first] = bare
  return findings.flatMap((each) => {
    if (each === first) return [note('no-trailers', message, { invocation_ids: [...new Set(ids)] })]
    return bare.includes(each) ? [] : [each]
  })
}

const wrongMessage = (
  commit: HistoryCommit,
  own: Brought,
  byHand: boolean,
): Finding | undefined => {
  const right = own.version?.message
  if (right === undefined || saysTheSame(commit.message, right)) return undefined
  const bare = bareSubject(commit.message)
  if (bare !== undefined && saysTheSame(bare, subjectOf(right))) {
    return withoutTrailers(commit, own.id)
  }
  const details = { invocation_id: own.id, path: own.path }
  if (byHand) {
    const message = `${commitName(commit)} is an Op commit whose message was edited.`
    return note('edited-message', message, details)
  }
  const should = singleLine(subjectOf(right))
  const message = `${commitName(commit)} contradicts its record. Its subject should be: ${should}. ${REWRITE_OR_PASS}`
  return violation('wrong-message', message, details, rewriteOrPass(commit))
}

const foreignPaths = (
  commit: HistoryCommit,
  id: OpId,
  foreign: readonly HistoryChange[],
): Finding | undefined => {
  const [first] = foreign
  if (first === undefined) return undefined
  const more = foreign.length > 1 ? ` and ${foreign.length - 1} more` : ''
  const message = `${commitName(commit)} is an Op commit and also contains ${singleLine(first.path)}${more}, for example because it was amended.`
  return note('foreign-paths', message, { invocation_id: id })
}

const withoutOwn = (
  commit: HistoryCommit,
  other: Brought | undefined,
  byHand: boolean,
): readonly Finding[] => {
  if (other === undefined || byHand) {
    return [
      note('edited-message', `${commitName(commit)} looks like an Op commit, but is not one.`),
    ]
  }
  const message = `${commitName(commit)} names an Op other than the one whose record it contains. ${REWRITE_OR_PASS}`
  const details = { invocation_id: other.id, path: other.path }
  return [violation('wrong-message', message, details, rewriteOrPass(commit))]
}

/** Whether a commit only closes Ops beside their records, as the Python spec-kitty does. */
const closesBeside = ({ prefix }: HistoryRange, { changes, message }: HistoryCommit): boolean =>
  bareSubject(message) !== undefined &&
  changes.length > 0 &&
  changes.every(({ path }) => path === `${prefix}${CLOSURES_PATH}`)

const checkOpCommit = (
  place: HistoryRange,
  commit: HistoryCommit,
  records: readonly Brought[],
): readonly Finding[] => {
  if (closesBeside(place, commit)) return [withoutTrailers(commit)]
  const id = opIdInMessage(
    commit,
    records.map((record) => record.id),
  )
  const own = records.find((record) => record.id === id)
  const held = own ?? records[0]
  const foreign = commit.changes.filter(({ path }) => !held || !belongsTo(place, held.id, path))
  const byHand = foreign.length > 0 || isEdited(commit)
  // `git add -A` and `git commit --amend` can add an open record; this software never commits one.
  const open = records
    .filter(({ version }) => version?.status === 'open')
    .map((record) => openRecord(commit, record, record === own || !byHand))
  if (own === undefined) return [...open, ...withoutOwn(commit, held, byHand)]
  const notes = [wrongMessage(commit, own, byHand), foreignPaths(commit, own.id, foreign)]
  return [...open, ...notes.filter((finding) => finding !== undefined)]
}

/** Checks one commit. A merge is never an Op commit. `closed` are Ops that are closed beside their open records. */
export const checkCommit = (
  place: HistoryRange,
  commit: HistoryCommit,
  versions: VersionsByBlob,
  closed: ReadonlySet<OpId>,
): readonly Finding[] => {
  const records = broughtBy(place, commit, versions)
  if (isOpCommit(commit) && !commit.isMerge) return checkOpCommit(place, commit, records)
  return records
    .filter(({ id, version }) => version?.status === 'open' && !closed.has(id))
    .map((record) => openRecord(commit, record, false))
}
