import { basename } from 'node:path/posix'
import {
  type FileVersion,
  findUnreachableHistory,
  readBlobs,
  recordHistory,
} from '@kitty/git-commit/inspect'
import { type OpId, type OpRecord, parseOpRecord } from '@kitty/record'
import { opIdOfName } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { memoized } from '../check/memo.js'
import { stepOf } from '../check/record-step.js'

/** The versions of records, by Op, oldest first. */
export type VersionsById = ReadonlyMap<OpId, readonly FileVersion[]>

const byId = (all: readonly FileVersion[]): VersionsById => {
  const versions = new Map<OpId, FileVersion[]>()
  for (const version of all) {
    const id = opIdOfName(basename(version.path))
    const others = id === undefined ? undefined : versions.get(id)
    if (others !== undefined) others.push(version)
    else if (id !== undefined) versions.set(id, [version])
  }
  return versions
}

/** The versions in the history of HEAD. */
export const versionsById = memoized(async (context): Promise<VersionsById> => {
  context.onProgress?.({ what: 'history' })
  return byId(await recordHistory(context.ops.root))
})

/** The versions in commits that no branch contains, but a reflog still does. */
export const droppedVersions = memoized(
  async (context): Promise<VersionsById> => byId(await findUnreachableHistory(context.ops.root)),
)

/** The first closed version of a record in history. */
export type FirstClosed = FileVersion & {
  readonly blob: string
  readonly bytes: Buffer
  readonly record: OpRecord
}

const hasBlob = (version: FileVersion): version is FileVersion & { blob: string } =>
  version.blob !== undefined

/** Returns the first closed versions of these Ops that are in this clone. */
export const firstClosedOf = async (
  context: CheckContext,
  all: VersionsById,
  ids: readonly OpId[],
): Promise<ReadonlyMap<OpId, FirstClosed>> => {
  const wanted = ids.flatMap((id) => (all.get(id) ?? []).filter(hasBlob))
  const blobs = await readBlobs(context.ops.root, [...new Set(wanted.map(({ blob }) => blob))])
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

/**
 * Returns the last version of an older record that came from its first closed version without damage: links were added to
 * it, or it was migrated. `bytes` are those of the versions.
 */
export const lastKeptOf = (
  first: FirstClosed,
  versions: readonly FileVersion[],
  bytes: ReadonlyMap<string, Buffer>,
): string => {
  let kept: { readonly blob: string; readonly bytes: Buffer } = first
  for (const { blob } of versions) {
    const now = blob === undefined ? undefined : bytes.get(blob)
    if (blob !== undefined && now && stepOf(kept.bytes, now)) kept = { blob, bytes: now }
  }
  return kept.blob
}

/** Returns the Ops that are in history and not in HEAD, each with its first closed version. */
export const deletedOps = async (
  context: CheckContext,
  inHead: ReadonlySet<OpId>,
): Promise<ReadonlyMap<OpId, FirstClosed>> => {
  const all = await versionsById(context)
  return firstClosedOf(
    context,
    all,
    [...all.keys()].filter((id) => !inHead.has(id)),
  )
}

/** Returns those of these commits that migrated an older record to the current form. */
export const migratingCommits = async (
  context: CheckContext,
  shas: ReadonlySet<string>,
): Promise<ReadonlySet<string>> => {
  const changes = [...(await versionsById(context)).values()].flatMap((versions) =>
    versions.flatMap(({ sha, blob }, at) => {
      const before = versions[at - 1]?.blob
      return shas.has(sha) && before !== undefined && blob !== undefined
        ? [{ sha, before, after: blob }]
        : []
    }),
  )
  const bytes = await readBlobs(
    context.ops.root,
    changes.flatMap(({ before, after }) => [before, after]),
  )
  return new Set(
    changes.flatMap(({ sha, before, after }) => {
      const [old, now] = [bytes.get(before), bytes.get(after)]
      return old && now && stepOf(old, now) === 'migration' ? [sha] : []
    }),
  )
}
