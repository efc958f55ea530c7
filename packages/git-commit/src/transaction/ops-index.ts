import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpRecord } from '@kitty/record'
import type { CommitRequest } from '@kitty/writer'
import { nextIndexBytes, readRegular, replaceFile, shareLikeGit } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import type { FileChange } from '../objects/tree-editor.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import { draftPath, renameOver } from './index-file.js'

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

const planUpdate = async (
  request: CommitRequest,
  index: string,
  { gitDir, prefix }: WorkTreeState,
  records: readonly OpRecord[],
): Promise<IndexCache> => {
  const file = join(request.root, index)
  const before = await readRegular(file)
  // The user must resolve a merge first; the index can be rebuilt at any time.
  if (before?.includes(CONFLICT)) return NO_INDEX_CACHE
  const next = nextIndexBytes(before, records)
  const bytes = next ?? before
  if (bytes === undefined) return NO_INDEX_CACHE
  const write = async (): Promise<boolean> => {
    if (!isSame(await readRegular(file), before)) return false
    if (next !== undefined) await replaceIndex(gitDir, file, next)
    return true
  }
  return {
    change: { kind: 'write', path: toTopPath(prefix, index), bytes },
    write: () => write().catch(() => false),
    undo: async () => (next === undefined ? undefined : restoreIndex(gitDir, file, next, before)),
  }
}

/**
 * Plans the index cache with the Ops of one batch. It is a cache: if it cannot be read or written, the commit goes
 * ahead without it.
 */
export const planIndexCache = async (
  requests: readonly CommitRequest[],
  workTree: WorkTreeState,
): Promise<IndexCache> => {
  const request = requests.at(-1)
  if (request?.index === undefined) return NO_INDEX_CACHE
  const records = requests.flatMap(({ op }) => (op === undefined ? [] : [op]))
  return planUpdate(request, request.index, workTree, records).catch(() => NO_INDEX_CACHE)
}
