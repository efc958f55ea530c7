import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpRecord } from '@kitty/record'
import { type CommitRequest, nextIndexBytes, readRegular, replaceFile } from '@kitty/writer'
import type { FileChange } from './file-change.js'
import { belowTop } from './planned-request.js'
import { renameOver } from './rename-over.js'
import { draftIn } from './scratch.js'
import type { WorkTreeState } from './work-tree.js'

/** The index cache as this commit carries it, on disk already. */
export type IndexCache = {
  readonly change?: FileChange
  /** Puts the file back as it was: an Op that is not committed changes no tracked file. */
  readonly undo: () => Promise<void>
}

const NOTHING: IndexCache = { undo: async () => undefined }

const CONFLICT = '<<<<<<< '

/** Through a draft in the git directory, where a crash leaves it in nobody's way; beside the file otherwise. */
const replace = async (gitDir: string, file: string, bytes: Buffer): Promise<void> => {
  const draft = draftIn(gitDir)
  try {
    writeFileSync(draft, bytes, { flag: 'wx', mode: 0o644 })
    await renameOver(draft, file)
  } catch {
    rmSync(draft, { force: true })
    await replaceFile(file, bytes, 'process')
  }
}

const restore = async (
  gitDir: string,
  file: string,
  written: Buffer,
  before: Buffer | undefined,
): Promise<void> => {
  const now = await readRegular(file)
  // Somebody else wrote it since: theirs stays.
  if (now?.equals(written) !== true) return
  if (before === undefined) rmSync(file, { force: true })
  else await replace(gitDir, file, before)
}

const refresh = async (
  request: CommitRequest,
  index: string,
  { gitDir, prefix }: WorkTreeState,
  records: readonly OpRecord[],
): Promise<IndexCache> => {
  const file = join(request.root, index)
  const before = await readRegular(file)
  // In the middle of a merge that the user has to solve; a new index can be made at any time.
  if (before?.includes(CONFLICT)) return NOTHING
  const next = nextIndexBytes(before, records)
  const bytes = next ?? before
  if (bytes === undefined) return NOTHING
  if (next !== undefined) await replace(gitDir, file, next)
  return {
    change: { path: belowTop(prefix, index), bytes },
    undo: async () => (next === undefined ? undefined : restore(gitDir, file, next, before)),
  }
}

/**
 * Brings the index cache up to date with the Ops of one group. It is a cache: failing to write it
 * never fails the commit, which then goes without it.
 */
export const refreshIndexCache = async (
  requests: readonly CommitRequest[],
  state: WorkTreeState,
): Promise<IndexCache> => {
  const request = requests.at(-1)
  if (request?.index === undefined) return NOTHING
  const records = requests.flatMap(({ op }) => (op === undefined ? [] : [op]))
  try {
    return await refresh(request, request.index, state, records)
  } catch {
    return NOTHING
  }
}
