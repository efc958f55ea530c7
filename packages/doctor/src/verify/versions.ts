import { blobsOf, type HistoryCommit, type HistoryPlace } from '@kitty/git-commit'
import { hasErrors, type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import { looksLikeRecord, opAt } from './record-path.js'

/** What one version of a record says, as far as anybody asks; the text is forgotten. */
export type Version = {
  readonly status: OpRecord['status']
  readonly isLegacy: boolean
  readonly hasErrors: boolean
  /** The first error, in words. */
  readonly error: string | undefined
  /** Whether it has a `started` line, whatever its name is. */
  readonly isRecord: boolean
  readonly record: OpRecord
  readonly size: number
}

export type Versions = ReadonlyMap<string, Version>

const versionOf = (bytes: Buffer, opId: OpId | undefined): Version => {
  const record = parseOpRecord(bytes, opId === undefined ? {} : { opId })
  return {
    status: record.status,
    isLegacy: record.legacy,
    hasErrors: hasErrors(record),
    error: record.problems.find(({ severity }) => severity === 'error')?.message,
    isRecord: record.started !== undefined,
    record,
    size: bytes.length,
  }
}

type Named = { readonly path: string; readonly blobs: readonly string[] }

/** Reads every version that the history and the tip name, each once. */
export const readVersions = async (
  place: HistoryPlace,
  commits: readonly HistoryCommit[],
  tip: ReadonlyMap<string, { readonly blob: string }>,
): Promise<Versions> => {
  const changed = commits.flatMap(({ changes }) => changes)
  const named: Named[] = changed.map(({ path, before, after }) => ({
    path,
    blobs: [...before, ...(after === undefined ? [] : [after])],
  }))
  for (const [path, { blob }] of tip) named.push({ path, blobs: [blob] })
  const ids = new Map<string, OpId | undefined>()
  for (const { path, blobs } of named) {
    if (!path.startsWith(`${place.folder}/`) || !looksLikeRecord(path)) continue
    for (const blob of blobs) ids.set(blob, opAt(place, path))
  }
  const versions = new Map<string, Version>()
  for await (const { id, bytes } of blobsOf(place, [...ids.keys()])) {
    versions.set(id, versionOf(bytes, ids.get(id)))
  }
  return versions
}
