import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpRecord } from '@kitty/record'
import type { CommitRequest } from '@kitty/writer'
import {
  excludePathOf,
  fileVersion,
  hasExcludeLine,
  indexExcludePattern,
  nextIndexBytes,
  readRegular,
  replaceFile,
  shareLikeGit,
} from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { gitVersion, isOlder } from '../git/version.js'
import type { FileChange } from '../objects/tree-editor.js'
import type { RepoState } from '../plan/repo-state.js'
import { blobAt } from '../repository/head-tree.js'
import { findIgnored } from '../repository/ignore.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { draftPath, renameOver } from './index-file.js'

// The index cache, `ops-index.jsonl`. Where it is committed, the last commit of a batch includes it. Elsewhere it is a
// local file: its rows are written after the commit, and only if git ignores the file, does not track it, and is new
// enough. So it never stops a checkout or a merge: git overwrites an ignored file, and a tracked one is as HEAD has it.

/** The index cache to include in the last commit. */
export type IndexCache = {
  readonly change?: FileChange
  /** Updates the file. Returns `false` if it has changed since it was read, or cannot be written. */
  readonly write: () => Promise<boolean>
  /** Restores the file: an Op that is not committed changes no tracked file. */
  readonly undo: () => Promise<void>
}

/** For commits without the index cache. */
export const NO_INDEX_CACHE: IndexCache = { write: async () => true, undo: async () => undefined }

const CONFLICT = '<<<<<<< '

/**
 * Replaces the file through a draft in the git directory, where one left by a crash is harmless; if that fails,
 * through one beside the file.
 */
const replaceIndex = async (gitDir: string, file: string, bytes: Buffer): Promise<void> => {
  const draft = draftPath(gitDir)
  try {
    writeFileSync(draft, bytes, { flag: 'wx' })
    shareLikeGit(draft)
    await renameOver(draft, file)
  } catch {
    rmSync(draft, { force: true })
    await replaceFile(file, bytes, 'process')
  }
}

const restoreIndex = async (
  gitDir: string,
  file: string,
  written: Buffer,
  before: Buffer | undefined,
): Promise<void> => {
  const now = await readRegular(file)
  // Another process has written it since: keep that version.
  if (now?.equals(written) !== true) return
  if (before === undefined) rmSync(file, { force: true })
  else await replaceIndex(gitDir, file, before)
}

const isSame = (one: Buffer | undefined, other: Buffer | undefined): boolean =>
  one === undefined || other === undefined ? one === other : one.equals(other)

/** The index cache of a batch: its file, and the Ops to add. */
type Batch = {
  /** Relative to the top, with `/`. */
  readonly path: string
  readonly file: string
  readonly isCommitted: boolean
  readonly mayBeLocal: boolean
  readonly records: readonly OpRecord[]
}

const batchOf = (
  requests: readonly CommitRequest[],
  { workTree, head }: RepoState,
): Batch | undefined => {
  const ops = requests.flatMap((request) => (request.kind === 'op' ? [request] : []))
  const index = ops.at(-1)?.index
  if (index === undefined) return undefined
  const path = toTopPath(workTree.prefix, index.path)
  const isTracked = blobAt(head, path) !== undefined
  return {
    path,
    file: join(workTree.top, path),
    isCommitted: index.commit ?? isTracked,
    mayBeLocal: !isTracked && index.commit !== true,
    records: ops.map(({ record }) => record.parsed),
  }
}

/** Whether git ignores the file, and does not track it. */
const isIgnored = async ({ top }: WorkTreeState, path: string): Promise<boolean> => {
  const ignored = await findIgnored(top, [path])
  return ignored.ok && ignored.value.has(path)
}

const planUpdate = async (batch: Batch, { head, workTree }: RepoState): Promise<IndexCache> => {
  const { path, file, records } = batch
  if (blobAt(head, path) === undefined && (await isIgnored(workTree, path))) return NO_INDEX_CACHE
  const before = await readRegular(file)
  // The user must resolve a merge first; the index can be rebuilt at any time.
  if (before?.includes(CONFLICT)) return NO_INDEX_CACHE
  const next = nextIndexBytes(before, records)
  const bytes = next ?? before
  if (bytes === undefined) return NO_INDEX_CACHE
  const { gitDir } = workTree
  const write = async (): Promise<boolean> => {
    if (!isSame(await readRegular(file), before)) return false
    if (next !== undefined) await replaceIndex(gitDir, file, next)
    return true
  }
  return {
    change: { kind: 'write', path, bytes },
    write: () => write().catch(() => false),
    undo: async () => (next === undefined ? undefined : restoreIndex(gitDir, file, next, before)),
  }
}

/**
 * Plans the index cache with the Ops of one batch, if it is to be committed. It is a cache: if it cannot be read or
 * written, the commit goes ahead without it.
 */
export const planIndexCache = async (
  requests: readonly CommitRequest[],
  repo: RepoState,
): Promise<IndexCache> => {
  const batch = batchOf(requests, repo)
  if (batch?.isCommitted !== true) return NO_INDEX_CACHE
  return planUpdate(batch, repo).catch(() => NO_INDEX_CACHE)
}

/** Older versions of git refuse a merge, a rebase or a cherry-pick that would overwrite an ignored file. */
const OLDEST_THAT_OVERWRITES = '2.34'

/** Where the version of the local file is kept that was last written here. */
const notePath = (gitDir: string): string => join(gitDir, 'kitty', 'ops-index')

/**
 * Whether the file can be written as a local one: our line hides it, and no rule of the user shows it. Asks git only if
 * it is not the one that was last written here.
 */
const isLocal = async ({ path, file }: Batch, workTree: WorkTreeState): Promise<boolean> => {
  const { gitDir, commonDir, prefix } = workTree
  if (!hasExcludeLine(excludePathOf(commonDir), indexExcludePattern(prefix))) return false
  const version = fileVersion(file)
  const noted = version && (await readRegular(notePath(gitDir)))?.toString()
  if (version !== undefined && noted === version) return true
  if (isOlder(await gitVersion(workTree.top), OLDEST_THAT_OVERWRITES)) return false
  return isIgnored(workTree, path)
}

const writeLocal = async (batch: Batch, { workTree }: RepoState): Promise<void> => {
  const { file, records } = batch
  if (!(await isLocal(batch, workTree))) return
  const next = nextIndexBytes(await readRegular(file), records)
  if (next === undefined) return
  await replaceIndex(workTree.gitDir, file, next)
  writeFileSync(notePath(workTree.gitDir), fileVersion(file) ?? '')
  shareLikeGit(notePath(workTree.gitDir))
}

/** Adds committed Ops to the index cache where it is a local file. Never throws: it is a cache. */
export const updateLocalIndex = async (
  requests: readonly CommitRequest[],
  repo: RepoState,
): Promise<void> => {
  const batch = batchOf(requests, repo)
  if (batch?.mayBeLocal) await writeLocal(batch, repo).catch(() => undefined)
}
