import { blobsOf, type HistoryCommit, type HistoryRange } from '@kitty/git-commit'
import {
  formatOpCommitMessage,
  type OpId,
  type OpRecord,
  type Problem,
  parseOpRecord,
} from '@kitty/record'
import { isTolerated } from '../check/tolerated-damage.js'
import { looksLikeRecord } from './record-path.js'

/** What one version of a record says, as far as anybody asks; the text is forgotten. */
export type Version = {
  /** The Op that it is about, whatever the file is called. */
  readonly id: OpId | undefined
  readonly status: OpRecord['status']
  readonly isLegacy: boolean
  /** The first error, in words. */
  readonly error: string | undefined
  /** Whether it is closed, and its errors are nothing but scars. */
  readonly isScarred: boolean
  /** Whether it has a `started` line. */
  readonly isRecord: boolean
  /** What the Op's commit has to say; undefined while it is open. */
  readonly message: string | undefined
}

/** By blob: the same text may lie under several names. */
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

/** A version as that of an Op's record, undefined where it was not read. One about another Op says nothing of it. */
export const versionFor = (
  versions: VersionsByBlob,
  id: OpId,
  blob: string,
): Version | undefined => {
  const version = versions.get(blob)
  if (version?.id === undefined || version.id === id) return version
  const error = `it is about another Op, ${version.id}`
  return { ...version, status: 'unreadable', error, isScarred: false, message: undefined }
}

/** Reads every version that the history and some files name, each once. One that is not in this clone is missing. */
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
