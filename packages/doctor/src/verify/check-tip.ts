import { blobsOf, type HistoryRange } from '@kitty/git-commit'
import { shellWord } from '@kitty/writer'
import type { Finding } from '../check/check.js'
import { grewByLinks } from '../check/legacy-links.js'
import { singleLine } from '../check/wording.js'
import { note, violation } from './finding.js'
import type { ClosingCommit } from './first-closed.js'
import { looksLikeRecord, opAt } from './record-path.js'
import { type Version, type VersionsByBlob, versionFor } from './versions.js'

/** A record as the tip has it. */
export type AtTip = {
  readonly path: string
  readonly mode: string
  readonly blob: string
}

const LINK = '120000'

const versionsOf = (path: string): string =>
  `Its versions: git log --oneline -- ${shellWord(path)}; to take one of them: git checkout COMMIT -- ${shellWord(path)}, then git commit`

const invalid = (path: string, { error }: Version): string =>
  `${path} is damaged: ${singleLine(error ?? 'it holds no Op')}. Look at it: spec-kitty ops validate ${shellWord(path)}. ${versionsOf(path)}`

// What a crash garbled before the Op was closed stays so: a closed record never changes.
const toleratedDamage = (path: string, { error = '' }: Version): string =>
  `Part of ${path} cannot be read, as a crash leaves it: ${singleLine(error)}. The Op is closed and its outcome is known.`

const misnamed = ({ folder }: HistoryRange, path: string, { id = 'ID' }: Version): string => {
  const right = `${folder}/${id}.jsonl`
  return `${path} holds the record of an Op, and is not where such a record must be: in ${folder} by its id, or in the folder of its month in the archive. To move it there: git mv ${shellWord(path)} ${shellWord(right)}, then git commit`
}

/** Whether the record is sound by itself, and lies where it must. */
export const checkTipRecord = (
  place: HistoryRange,
  { path, mode, blob }: AtTip,
  versions: VersionsByBlob,
): Finding | undefined => {
  if (!looksLikeRecord(path)) return undefined
  const id = opAt(place, path)
  if (id === undefined) {
    const other = versions.get(blob)
    return other?.isRecord === true
      ? violation('misnamed', misnamed(place, path, other), { path })
      : undefined
  }
  const details = { invocation_id: id, path }
  if (mode === LINK) {
    return violation(
      'invalid-record',
      `${path} is a symbolic link, and no record. ${versionsOf(path)}`,
      details,
    )
  }
  const version = versionFor(versions, id, blob)
  if (version === undefined) return undefined
  if (version.isScarred) return note('scarred-record', toleratedDamage(path, version), details)
  const isInvalid = version.error !== undefined || version.status === 'unreadable'
  return isInvalid ? violation('invalid-record', invalid(path, version), details) : undefined
}

/** Compares a record at the tip with its first closed version. */
export const checkTipChange = async (
  place: HistoryRange,
  { path, blob }: AtTip,
  first: ClosingCommit,
  versions: VersionsByBlob,
): Promise<Finding | undefined> => {
  const id = opAt(place, path)
  if (blob === first.blob || id === undefined) return undefined
  const details = { invocation_id: id, path }
  const bytes = new Map<string, Buffer>()
  for await (const each of blobsOf(place, [first.blob, blob])) bytes.set(each.id, each.bytes)
  const [before, now] = [bytes.get(first.blob), bytes.get(blob)]
  const isLegacy = versions.get(first.blob)?.isLegacy === true
  if (isLegacy && before && now && grewByLinks(before, now)) {
    return note('links-after-completion', `${path} got links after its legacy completion.`, details)
  }
  const message = `${path} was changed after it was closed; a closed record never changes. See how: git diff ${first.blob.slice(0, 10)} ${blob.slice(0, 10)}. To have it back as it was: git update-index --cacheinfo ${shellWord(`100644,${first.blob},${path}`)} and git checkout -- ${shellWord(path)}, then git commit`
  return violation('changed-after-close', message, details)
}
