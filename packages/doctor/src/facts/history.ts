import { basename } from 'node:path/posix'
import { type FileVersion, readBlobs, recordHistory } from '@kitty/git-commit'
import { type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import { opIdOfName } from '@kitty/writer'
import type { Examination } from '../check.js'
import { sharedFact } from '../shared-fact.js'

/** The versions of records in the history of HEAD, by Op, oldest first. */
export const versionsById = sharedFact(
  async (at): Promise<ReadonlyMap<OpId, readonly FileVersion[]>> => {
    at.onProgress?.({ what: 'history' })
    const versions = new Map<OpId, FileVersion[]>()
    for (const version of await recordHistory(at.ops.root)) {
      const id = opIdOfName(basename(version.path))
      const others = id === undefined ? undefined : versions.get(id)
      if (others !== undefined) others.push(version)
      else if (id !== undefined) versions.set(id, [version])
    }
    return versions
  },
)

/** The first closed version of a record in history. */
export type FirstClosed = FileVersion & {
  readonly blob: string
  readonly bytes: Buffer
  readonly record: OpRecord
}

const hasBlob = (version: FileVersion): version is FileVersion & { blob: string } =>
  version.blob !== undefined

/** The first closed versions of these Ops, as far as this clone has them. */
export const firstClosedOf = async (
  at: Examination,
  ids: readonly OpId[],
): Promise<ReadonlyMap<OpId, FirstClosed>> => {
  const all = await versionsById(at)
  const wanted = ids.flatMap((id) => (all.get(id) ?? []).filter(hasBlob))
  const blobs = await readBlobs(at.ops.root, [...new Set(wanted.map(({ blob }) => blob))])
  const first = new Map<OpId, FirstClosed>()
  for (const id of ids) {
    for (const version of (all.get(id) ?? []).filter(hasBlob)) {
      const bytes = blobs.get(version.blob)
      const record = bytes && parseOpRecord(bytes, { opId: id })
      if (bytes === undefined || record?.status !== 'closed') continue
      first.set(id, { ...version, bytes, record })
      break
    }
  }
  return first
}

/** The Ops that history has and HEAD has not, each with its first closed version. */
export const deletedOps = async (
  at: Examination,
  inHead: ReadonlySet<OpId>,
): Promise<ReadonlyMap<OpId, FirstClosed>> => {
  const gone = [...(await versionsById(at)).keys()].filter((id) => !inHead.has(id))
  return firstClosedOf(at, gone)
}
