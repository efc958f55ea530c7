import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpRecord } from '@kitty/record'
import {
  type CommitRequest,
  type Durability,
  nextIndexBytes,
  readRegular,
  replaceFile,
} from '@kitty/writer'
import type { FileChange } from './file-change.js'
import { belowTop } from './planned-request.js'

/** The index cache as this commit carries it, on disk already. */
export type IndexCache = {
  readonly change?: FileChange
  /** Puts the file back as it was: an Op that is not committed changes no tracked file. */
  readonly undo: () => Promise<void>
}

const NOTHING: IndexCache = { undo: async () => undefined }

const CONFLICT = '<<<<<<< '

const restore = async (
  file: string,
  written: Buffer,
  before: Buffer | undefined,
  durability: Durability,
): Promise<void> => {
  const now = await readRegular(file)
  // Somebody else wrote it since: theirs stays.
  if (now?.equals(written) !== true) return
  if (before === undefined) await rm(file, { force: true })
  else await replaceFile(file, before, durability)
}

const refresh = async (
  request: CommitRequest,
  index: string,
  prefix: string,
  records: readonly OpRecord[],
): Promise<IndexCache> => {
  const file = join(request.root, index)
  const durability = request.durability ?? 'power'
  const before = await readRegular(file)
  // In the middle of a merge that the user has to solve; a new index can be made at any time.
  if (before?.includes(CONFLICT)) return NOTHING
  const next = nextIndexBytes(before, records)
  const bytes = next ?? before
  if (bytes === undefined) return NOTHING
  if (next !== undefined) await replaceFile(file, next, 'process')
  return {
    change: { path: belowTop(prefix, index), bytes },
    undo: async () => (next === undefined ? undefined : restore(file, next, before, durability)),
  }
}

/**
 * Brings the index cache up to date with the Ops of one group. It is a cache: failing to write it
 * never fails the commit, which then goes without it.
 */
export const refreshIndexCache = async (
  requests: readonly CommitRequest[],
  prefix: string,
): Promise<IndexCache> => {
  const request = requests.at(-1)
  if (request?.index === undefined) return NOTHING
  const records = requests.flatMap(({ op }) => (op === undefined ? [] : [op]))
  try {
    return await refresh(request, request.index, prefix, records)
  } catch {
    return NOTHING
  }
}
