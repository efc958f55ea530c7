import { blobsOf, type HistoryCommit, type HistoryRange } from '@kitty/git-commit/inspect'
import {
  formatOpCommitMessage,
  type OpId,
  type OpRecord,
  type Problem,
  parseOpRecord,
} from '@kitty/record'
import { isTolerated } from '../check/tolerated-damage.js'
import { looksLikeRecord } from './record-path.js'

/** What the checks need of one version of a record; its text is not kept. */
export type Version = {
  /** The Op that it is about, whatever the name of the file. */
  readonly id: OpId | undefined
  readonly status: OpRecord['status']
  readonly isLegacy: boolean
  /** The message of the first error. */
  readonly error: string | undefined
  /** Whether it is closed and its only errors are crash damage. */
  readonly isScarred: boolean
  /** Whether it has a `started` line. */
  readonly isRecord: boolean
  /** The message that the Op's commit must have; `undefined` while the Op is open. */
  readonly message: string | undefined
}

/** By blob: several files can have the same content. */
export type VersionsByBlob = ReadonlyMap<string, Version>

const isError = ({ severity }: Problem): boolean => severity === 'error'

const versionOf = (bytes: Buffer): Version => {
  const record = parseOpRecord(bytes)
  const errors = record.problems.filter(isError)
  return {
    id: record.invocation_id,
    status: record.status,
    isLegacy: record.legacy,
    error: errors[0]?.message,
    isScarred: errors.length > 0 && isTolerated(record, errors),
    isRecord: record.started !== undefined,
    message: record.status === 'closed' ? formatOpCommitMessage(record) : undefined,
  }
}

/** Returns a version as the record of an Op, or `undefined` if it was not read. A version about another Op is unreadable. */
export const versionFor = (
  versions: VersionsByBlob,
  id: OpId,
  blob: string,
): Version | undefined => {
  const version = versions.get(blob)
  if (version?.id === undefined || version.id === id) return version
  const error = `it belongs to another Op, ${version.id}`
  return { ...version, status: 'unreadable', error, isScarred: false, message: undefined }
}

/** Reads every version in the history and in `files` once. `missing` are those not in this clone. */
export const readVersions = async (
  place: HistoryRange,
  commits: readonly HistoryCommit[],
  files: readonly { readonly path: string; readonly blob: string }[],
): Promise<{ readonly versions: VersionsByBlob; readonly missing: ReadonlySet<string> }> => {
  const isInScope = ({ path }: { readonly path: string }): boolean =>
    path.startsWith(`${place.folder}/`) && looksLikeRecord(path)
  const changed = commits.flatMap(({ changes }) => changes.filter(isInScope))
  const blobs = new Set(changed.flatMap(({ before, after = [] }) => [before, after].flat()))
  for (const { blob } of files.filter(isInScope)) blobs.add(blob)
  const versions = new Map<string, Version>()
  for await (const { id, bytes } of blobsOf(place, [...blobs])) versions.set(id, versionOf(bytes))
  for (const id of versions.keys()) blobs.delete(id)
  return { versions, missing: blobs }
}
