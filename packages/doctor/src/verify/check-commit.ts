import type { HistoryChange, HistoryCommit, HistoryRange } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import type { Finding } from '../check/check.js'
import { singleLine } from '../check/wording.js'
import { commitName, note, rewriteOrPass, violation } from './finding.js'
import { isEdited, isOpCommit, opIdInMessage, saysTheSame, subjectOf } from './op-commit.js'
import { belongsTo, opAt } from './record-path.js'
import { type Version, type VersionsByBlob, versionFor } from './versions.js'

/** A record that a commit brings. Its version is undefined where this clone lacks it. */
type Brought = { readonly id: OpId; readonly path: string; readonly version: Version | undefined }

/** The records that a commit brings in some version. */
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

const openRecord = (commit: HistoryCommit, { id, path }: Brought, isOurDoing: boolean): Finding => {
  const details = { invocation_id: id, path }
  if (isOurDoing) {
    const message = `${commitName(commit)} is the commit of an Op, and holds ${path} while that was open. ${rewriteOrPass(commit)}`
    return violation('open-in-op-commit', message, details)
  }
  const message = `${commitName(commit)} took along ${path} while that Op was open, as git add -A does. Closing the Op completes the record.`
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
    const message = `${commitName(commit)} is the commit of an Op whose message was edited.`
    return note('edited-message', message, details)
  }
  const should = singleLine(subjectOf(right))
  const message = `${commitName(commit)} does not say what its record says, which is: ${should}. ${rewriteOrPass(commit)}`
  return violation('wrong-message', message, details)
}

const foreignPaths = (
  commit: HistoryCommit,
  id: OpId,
  foreign: readonly HistoryChange[],
): Finding | undefined => {
  const [first] = foreign
  if (first === undefined) return undefined
  const more = foreign.length > 1 ? ` and ${foreign.length - 1} more` : ''
  const message = `${commitName(commit)} is the commit of an Op, and also holds ${singleLine(first.path)}${more}, as git commit --amend does.`
  return note('foreign-paths', message, { invocation_id: id })
}

const withoutOwn = (
  commit: HistoryCommit,
  other: Brought | undefined,
  byHand: boolean,
): readonly Finding[] => {
  if (other === undefined || byHand) {
    return [
      note('edited-message', `${commitName(commit)} reads like the commit of an Op, and is not.`),
    ]
  }
  const message = `${commitName(commit)} names another Op than it holds, which is ${other.path}. ${rewriteOrPass(commit)}`
  return [violation('wrong-message', message, { invocation_id: other.id, path: other.path })]
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
  // Git add -A and commit --amend put another Op's open record in; our own we would never.
  const open = records
    .filter(({ version }) => version?.status === 'open')
    .map((record) => openRecord(commit, record, record === own || !byHand))
  if (own === undefined) return [...open, ...withoutOwn(commit, held, byHand)]
  const notes = [wrongMessage(commit, own, byHand), foreignPaths(commit, own.id, foreign)]
  return [...open, ...notes.filter((finding) => finding !== undefined)]
}

/** What is to be said of one commit. A merge is nobody's Op commit. */
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
