import type { HistoryChange, HistoryCommit, HistoryRange } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { Finding } from '../check/check.js'
import { singleLine } from '../check/wording.js'
import { commitName, note, REWRITE_OR_PASS, rewriteOrPass, violation } from './finding.js'
import { isEdited, isOpCommit, opIdInMessage, saysTheSame, subjectOf } from './op-commit.js'
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

const wrongMessage = (
  commit: HistoryCommit,
  own: Brought,
  byHand: boolean,
): Finding | undefined => {
  const right = own.version?.message
  if (right === undefined || saysTheSame(commit.message, right)) return undefined
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

const checkOpCommit = (
  place: HistoryRange,
  commit: HistoryCommit,
  records: readonly Brought[],
): readonly Finding[] => {
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

/** Checks one commit. A merge is never an Op commit. */
export const checkCommit = (
  place: HistoryRange,
  commit: HistoryCommit,
  versions: VersionsByBlob,
): readonly Finding[] => {
  const records = broughtBy(place, commit, versions)
  if (isOpCommit(commit) && !commit.isMerge) return checkOpCommit(place, commit, records)
  return records
    .filter(({ version }) => version?.status === 'open')
    .map((record) => openRecord(commit, record, false))
}
