import { dirname } from 'node:path/posix'
import { isOpId, type OpRecord, parseOpRecord } from '@kitty/record'
import { createExclusive, type Durability, hasRealFolder, readRegular } from './durable-file.js'
import { archivedPath, recordPath, toAbsolute } from './layout.js'
import { ensureOpsFolder } from './ops-folder.js'

/** A record as it lies on disk. */
export type OpFile = {
  readonly record: OpRecord
  readonly bytes: Buffer
  /** Relative to the root, with `/`. */
  readonly path: string
}

/**
 * Writes the record of a new Op and gives its path relative to the root. The first Op also makes
 * `kitty-ops/`. Throws what `createExclusive` and `ensureOpsFolder` throw.
 */
export const createRecord = async (
  root: string,
  id: string,
  line: string,
  durability: Durability,
): Promise<string> => {
  const path = recordPath(id)
  await ensureOpsFolder(root, durability)
  await createExclusive(toAbsolute(root, path), line, durability)
  return path
}

/** Reads a record at a known path, without looking at the folders on the way to it. */
export const readRecordAt = async (
  root: string,
  id: string,
  path: string,
): Promise<OpFile | undefined> => {
  const bytes = await readRegular(toAbsolute(root, path))
  return bytes && { record: parseOpRecord(bytes, { opId: id }), bytes, path }
}

/**
 * Reads the record of an Op, from the hot folder or else from the archive; `undefined` when it is in
 * neither. Damage is in `record.problems`. Throws `SYMLINK_REFUSED`, `NOT_A_FILE`, `READ_FAILED`, ….
 */
export const readRecord = async (root: string, id: string): Promise<OpFile | undefined> => {
  if (!isOpId(id)) return undefined
  for (const path of [recordPath(id), archivedPath(id)]) {
    if (!hasRealFolder(root, dirname(path))) continue
    const file = await readRecordAt(root, id, path)
    if (file !== undefined) return file
  }
  return undefined
}
